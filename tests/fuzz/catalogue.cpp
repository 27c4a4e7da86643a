#include "readers.h"

#include "base/plaintext.h"
#include "base/sha256.h"
#include "data/catalogue.h"

void losslab::fuzz::readCatalogueFile(std::string_view input)
{
    const auto catalogue = readCatalogue(put("catalogue.json", input));
    promiseMessage(catalogue);
    if (!catalogue)
        return;
    for (const CatalogueEntry &entry : *catalogue) {
        promise(isFileName(entry.id), "the id names a folder");
        promise(isPlain(entry.title) && isPlain(entry.about), "texts are plain");
        for (const std::string &url : entry.urls)
            promise(url.starts_with("https://"), "https alone");
        for (const CatalogueFile &file : entry.files) {
            promise(isSha256(file.sha256) && file.size > 0, "size and check sum are known");
            for (const std::string &name : file.kept())
                promise(isFileName(name), "what is kept lies in the set's folder");
        }
        promise(entry.room() >= entry.bytes(), "there is room for what comes");
    }
}
