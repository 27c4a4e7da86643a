#include "damaged.h"

#include "../archives.h"
#include "../filefixtures.h"
#include "../gzip.h"
#include "base/platform.h"
#include "data/archive.h"
#include "data/cifar.h"
#include "data/datafiles.h"
#include "data/idx.h"
#include "data/idxset.h"

#include <sys/stat.h>

namespace losslab::test {

namespace fs = std::filesystem;
using namespace std::string_literals;

namespace {

std::string word(std::uint32_t number)
{
    return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
            static_cast<char>(number)};
}

std::string idx(const std::vector<std::uint32_t> &sizes, const std::string &content, char type = 8)
{
    std::string file{'\0', '\0', type, static_cast<char>(sizes.size())};
    for (const std::uint32_t size : sizes)
        file += word(size);
    return file + content;
}

const std::string twoImages = idx({2, 2, 3}, std::string(12, '\5')), twoLabels = idx({2}, "\3\4"s);

void addImages(std::vector<Damaged> &all)
{
    DamagedFiles images(all, "IDX images", "train-images-idx3-ubyte", [](const fs::path &file) {
        const auto content = platform::readFile(file);
        return content ? errorOf(parseImageSet({file, *content}, {"labels", twoLabels}, {}))
                       : std::optional(content.error());
    });
    images.add("empty", "");
    images.add("cut off in its magic number", "\0\0"s);
    images.add("cut off in its header", twoImages.substr(0, 10));
    images.add("cut off in its pixels", twoImages.substr(0, 20));
    images.add("a byte too many", twoImages + "x");
    images.add("another magic number", "\1"s + twoImages.substr(1));
    images.add("a type that there is not", idx({2, 2, 3}, std::string(12, '\5'), 7));
    images.add("real numbers", idx({2, 2, 3}, std::string(48, '\0'), 0x0D));
    images.add("labels in its place", twoLabels);
    images.add("no images", idx({0, 2, 3}, ""));
    images.add("sizes that overflow", idx({0xffffffff, 0xffffffff, 0xffffffff}, "x"));
    images.add("two gibibytes and more declared", idx({70000, 200, 200}, "x"));
    images.add("a side of 5,000 pixels", idx({2, 1, 5000}, std::string(10000, '\0')));
    images.add("two channels", idx({2, 2, 2, 2}, std::string(16, '\0')));
    images.add("a hundred dimensions", "\0\0\x08\x64"s + std::string(400, '\1'));
    images.add("more images than labels", idx({3, 2, 3}, std::string(18, '\5')));
    images.add("a web page", "<!DOCTYPE html><html></html>");
    images.add("a picture", "\x89PNG\r\n\x1a\n"s);
    images.add("a place holder of Git LFS", "version https://git-lfs.github.com/spec/v1\n");
    images.add("a zip archive", "PK\x03\x04 and more");
    images.add("compressed twice", gzip(gzip(twoImages)));
    images.add("a compressed stream cut off", gzip(twoImages).substr(0, 25));
    std::string broken = gzip(twoImages);
    broken[12] = static_cast<char>(~broken[12]);
    images.add("a compressed stream changed", broken);
    std::string sum = gzip(twoImages);
    sum[sum.size() - 6] = static_cast<char>(~sum[sum.size() - 6]);
    images.add("a compressed stream with another check sum", sum);
    images.add("bytes behind a compressed stream", gzip(twoImages) + "more");
    images.add("a bomb of a hundred mebibytes", gzip(twoImages, 100));
    images.addOtherThanFiles();
}

void addLabels(std::vector<Damaged> &all)
{
    DamagedFiles labels(all, "IDX labels", "train-labels-idx1-ubyte", [](const fs::path &file) {
        const auto content = platform::readFile(file);
        return content ? errorOf(parseImageSet({"images", twoImages}, {file, *content}, {.classes = 10}))
                       : std::optional(content.error());
    });
    labels.add("empty", "");
    labels.add("cut off", twoLabels.substr(0, 9));
    labels.add("a byte too many", twoLabels + "x");
    labels.add("a class that there is not", idx({2}, "\3\x0a"s));
    labels.add("fewer labels than images", idx({1}, "\3"));
    labels.add("images in its place", twoImages);
    labels.add("whole numbers of 32 bits", idx({2}, std::string(8, '\0'), 0x0C));
}

/// Of a folder with the four files, one of which is spoiled.
void addSets(std::vector<Damaged> &all)
{
    const auto add = [&](const std::string &how, const std::string &name,
                         const std::function<void(const fs::path &)> &spoil) {
        all.push_back({"data set of four IDX files", how, name, [spoil](const fs::path &folder) {
                           for (const char *part : {"train", "t10k"}) {
                               write(folder / (std::string(part) + "-images-idx3-ubyte"), twoImages);
                               write(folder / (std::string(part) + "-labels-idx1-ubyte"), twoLabels);
                           }
                           spoil(folder);
                           const auto survey = errorOf(surveyIdxSet(folder, {}));
                           return survey ? survey : errorOf(readIdxSet(folder, {}));
                       }});
    };
    add("a file missing", "t10k-labels-idx1-ubyte",
        [](const fs::path &f) { fs::remove(f / "t10k-labels-idx1-ubyte"); });
    add("a file under another name", "old-train-images-idx3-ubyte", [](const fs::path &f) {
        fs::rename(f / "train-images-idx3-ubyte", f / "old-train-images-idx3-ubyte");
    });
    add("test images of another size", "läb", [](const fs::path &f) {
        write(f / "t10k-images-idx3-ubyte", idx({2, 3, 2}, std::string(12, '\0')));
    });
    add("more labels than images", "t10k-labels-idx1-ubyte",
        [](const fs::path &f) { write(f / "t10k-labels-idx1-ubyte", idx({3}, "\1\2\3")); });
    add("a label far beyond the others", "train-labels-idx1-ubyte", [](const fs::path &f) {
        write(f / "train-images-idx3-ubyte", idx({3000, 1, 1}, std::string(3000, '\0')));
        write(f / "t10k-images-idx3-ubyte", idx({2, 1, 1}, "ab"));
        write(f / "train-labels-idx1-ubyte", idx({3000}, std::string(2999, '\1') + "\xf0"));
    });
    add("another check sum", "t10k-images-idx3-ubyte", [](const fs::path &f) {
        std::string list;
        for (const std::string_view name : dataFileNames)
            list += std::string(64, 'a') + "  " + std::string(name) + "\n";
        write(f / "SHA256SUMS", list);
    });
    add("a check sum list without a file", "SHA256SUMS",
        [](const fs::path &f) { write(f / "SHA256SUMS", std::string(64, 'a') + "  another\n"); });
    add("a sparse file of six gigabytes", "train-images-idx3-ubyte",
        [](const fs::path &f) { fs::resize_file(f / "train-images-idx3-ubyte", 6'000'000'000); });
    add("a pipe in place of a file", "train-images-idx3-ubyte", [](const fs::path &f) {
        fs::remove(f / "train-images-idx3-ubyte");
        ::mkfifo((f / "train-images-idx3-ubyte").c_str(), 0600);
    });
}

const std::string record = "\3"s + std::string(3072, '\7');

void addCifar(std::vector<Damaged> &all)
{
    DamagedFiles files(all, "CIFAR-10 batch", "data_batch_2.bin", [](const fs::path &file) {
        for (const std::string_view name : cifarFileNames)
            if (file.parent_path() / name != file)
                write(file.parent_path() / name, record);
        return errorOf(readCifar(file.parent_path(), {}));
    });
    files.add("empty", "");
    files.add("cut off", record.substr(0, 3000));
    files.add("a byte too many", record + "x");
    files.add("a class that there is not", "\x0a"s + record.substr(1));
    files.addOtherThanFiles();
}

void addArchives(std::vector<Damaged> &all)
{
    DamagedFiles archives(all, "archive of CIFAR-10", "cifar-10-binary.tar.gz",
                          [](const fs::path &file) { return errorOf(readCifar(file.parent_path(), {})); });
    archives.add("empty", "");
    archives.add("no archive", "<!DOCTYPE html><html></html>");
    archives.add("compressed nonsense", gzip(std::string(2000, 'x')));
    const auto packed = [](const Members &members) {
        const TemporaryFolder folder;
        pack(folder / "a", members);
        return read(folder / "a");
    };
    Members whole;
    for (const std::string_view name : cifarFileNames)
        whole.emplace_back("cifar-10-batches-bin/" + std::string(name), record);
    archives.add("cut off", packed(whole).substr(0, 60));
    Members few(whole.begin(), whole.end() - 1);
    archives.add("a file missing", packed(few));
    Members label = whole;
    label[1].second[0] = '\x0b';
    archives.add("a class that there is not", packed(label));
    Members odd = whole;
    odd[2].second += "x";
    archives.add("a file of other length", packed(odd));
    archives.add("a bomb of three hundred mebibytes",
                 packed({{"data_batch_1.bin", std::string(300u << 20, '\0')}}));
    archives.make("a pipe", [](const fs::path &file) { ::mkfifo(file.c_str(), 0600); });
    archives.make("a folder", [](const fs::path &file) { fs::create_directory(file); });
}

} // namespace

void addDataFiles(std::vector<Damaged> &all)
{
    addImages(all);
    addLabels(all);
    addSets(all);
    addCifar(all);
    addArchives(all);
}

} // namespace losslab::test
