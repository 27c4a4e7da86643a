#include "data/dataset.h"

#include "data/idx.h"
#include "store/platform.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <openssl/evp.h>
#include <sstream>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// In alphabetical order, as sha256sum writes them.
constexpr std::array<std::string_view, 4> fileNames{"t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
                                                    "train-images-idx3-ubyte", "train-labels-idx1-ubyte"};
constexpr std::size_t digestLength = 64;

struct CheckedFile
{
    DataFile file;
    std::string digest;
};

std::string sha256(std::string_view content)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int size = 0;
    ::EVP_Digest(content.data(), content.size(), digest.data(), &size, ::EVP_sha256(), nullptr);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

/// Folders that may hold data sets, first choice first.
std::vector<fs::path> dataFolders()
{
    std::vector<fs::path> folders;
    if (const char *chosen = std::getenv("LOSSLAB_DATA"); chosen && *chosen)
        folders.emplace_back(chosen);
    folders.push_back((platform::executableFolder() / "../share/losslab/datasets").lexically_normal());
    folders.emplace_back(LOSSLAB_SOURCE_DATASETS);
    return folders;
}

/// Digest by file name, as in SHA256SUMS; nothing where the folder has none.
Result<std::map<std::string, std::string>> readChecksums(const fs::path &folder)
{
    std::map<std::string, std::string> checksums;
    const fs::path path = folder / "SHA256SUMS";
    std::error_code ignored;
    if (!fs::exists(path, ignored))
        return checksums;
    const auto text = platform::readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    std::istringstream lines(*text);
    int number = 0;
    for (std::string line; std::getline(lines, line);) {
        ++number;
        const bool isDigest = line.find_first_not_of("0123456789abcdef") == digestLength;
        if (!isDigest || line.size() < digestLength + 3)
            return dataError(
                fmt::format("Line {} of {} is damaged: it should be a SHA-256 check sum in hexadecimal, two "
                            "spaces and a file name. Copy the data set again.",
                            number, platform::quoted(path)));
        checksums[line.substr(digestLength + 2)] = line.substr(0, digestLength);
    }
    return checksums;
}

/// The file of that name, compressed or plain, with its digest checked.
Result<CheckedFile> checkedFile(const fs::path &folder, std::string_view name,
                                const std::map<std::string, std::string> &checksums)
{
    std::error_code ignored;
    fs::path path = folder / fmt::format("{}.gz", name);
    if (!fs::exists(path, ignored))
        path = folder / name;
    if (!fs::exists(path, ignored))
        return dataError(fmt::format(
            "The data set in {} is incomplete: it has neither {}.gz nor {}. Copy the data set again.",
            platform::quoted(folder), name, name));
    auto content = platform::readFile(path);
    if (!content)
        return tl::unexpected(content.error());
    CheckedFile checked{{path, std::move(*content)}, {}};
    checked.digest = sha256(checked.file.content);
    if (checksums.empty())
        return checked;
    const auto expected = checksums.find(path.filename().string());
    if (expected == checksums.end())
        return dataError(
            fmt::format("SHA256SUMS in {} does not list {}. Copy the data set again, or delete SHA256SUMS "
                        "if these files are your own.",
                        platform::quoted(folder), path.filename().string()));
    if (expected->second != checked.digest)
        return dataError(
            fmt::format("The data file {} is damaged: its SHA-256 check sum is {}, SHA256SUMS has {}. "
                        "Delete it and copy the data set again.",
                        platform::quoted(path), checked.digest, expected->second));
    return checked;
}

} // namespace

Result<fs::path> findDataset(const std::string &name)
{
    std::vector<std::string> looked, known;
    std::error_code ignored;
    for (const fs::path &folder : dataFolders()) {
        const bool isName = !name.empty() && fs::path(name).filename() == name && name != "." && name != "..";
        if (isName && fs::is_directory(folder / name, ignored))
            return folder / name;
        looked.push_back(platform::quoted(folder));
        for (const auto &entry : fs::directory_iterator(folder, ignored))
            if (entry.is_directory(ignored))
                known.push_back(entry.path().filename().string());
    }
    std::sort(known.begin(), known.end());
    known.erase(std::unique(known.begin(), known.end()), known.end());
    return dataError(fmt::format("There is no data set “{}” in {}. {}", name, fmt::join(looked, ", "),
                                 known.empty() ? "Name the folder that holds one with --data."
                                               : fmt::format("There is: {}.", fmt::join(known, ", "))));
}

Result<std::shared_ptr<const Dataset>> loadDataset(const std::string &name, const fs::path &folder)
{
    const auto found = folder.empty() ? findDataset(name) : Result<fs::path>(folder);
    if (!found)
        return tl::unexpected(found.error());
    const auto checksums = readChecksums(*found);
    if (!checksums)
        return tl::unexpected(checksums.error());

    std::array<CheckedFile, fileNames.size()> files;
    std::string digests;
    for (std::size_t i = 0; i < fileNames.size(); ++i) {
        auto file = checkedFile(*found, fileNames[i], *checksums);
        if (!file)
            return tl::unexpected(file.error());
        files[i] = std::move(*file);
        digests += files[i].digest;
    }

    auto dataset = std::make_shared<Dataset>();
    dataset->name = name;
    dataset->checksum = sha256(digests);
    dataset->compared = !checksums->empty();
    const auto &[testImages, testLabels, trainImages, trainLabels] = files;
    auto train = parseImageSet(trainImages.file, trainLabels.file, dataset->classes);
    if (!train)
        return tl::unexpected(train.error());
    auto test = parseImageSet(testImages.file, testLabels.file, dataset->classes);
    if (!test)
        return tl::unexpected(test.error());
    if (train->rows != test->rows || train->columns != test->columns)
        return dataError(
            fmt::format("The images in {} do not fit together: for training they have {} × {} pixels, for "
                        "the test {} × {}. Copy the data set again.",
                        platform::quoted(*found), train->rows, train->columns, test->rows, test->columns));
    dataset->train = std::move(*train);
    dataset->test = std::move(*test);
    return dataset;
}

} // namespace losslab
