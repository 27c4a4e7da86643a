#include "readers.h"

#include "base/plaintext.h"
#include "runs/runjson.h"

void losslab::fuzz::readRunJsonFile(std::string_view input)
{
    const std::filesystem::path path = put("received/run.json", input);
    promiseMessage(readRunHead(path));
    const auto record = readRunJson(path);
    promiseMessage(record);
    if (!record)
        return;
    promise(record->spec.repeats >= 1 && record->spec.repeats <= 1000, "repeats are few");
    const std::string text = runJson(record->spec, record->facts, {record->state, record->message});
    const auto again = readRunJson(put("received/again.json", text));
    promise(again && again->spec.parameters == record->spec.parameters,
            "what is written reads back the same");
}
