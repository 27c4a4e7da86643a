#include "data/idxset.h"

#include "base/platform.h"
#include "base/sha256.h"
#include "data/checksumlist.h"
#include "data/datafiles.h"
#include "data/idx.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <set>

namespace losslab {

namespace {

namespace fs = std::filesystem;

/// Places in dataFileNames.
enum File { TestImages, TestLabels, TrainingImages, TrainingLabels };
using Paths = std::array<fs::path, dataFileNames.size()>;

struct CheckedFile
{
    DataFile file;
    std::string digest;
};
using CheckedFiles = std::array<CheckedFile, dataFileNames.size()>;

IdxKind kindOf(std::size_t file)
{
    return file == TestImages || file == TrainingImages ? IdxKind::Images : IdxKind::Labels;
}

/// The four, compressed or plain, and the names of those that are nowhere.
struct Found
{
    Paths paths;
    std::vector<std::string> missing;
};

Found lookInto(const fs::path &folder)
{
    Found found;
    for (std::size_t i = 0; i < found.paths.size(); ++i) {
        if (auto path = findDataFile(folder, dataFileNames[i]))
            found.paths[i] = std::move(*path);
        else
            found.missing.emplace_back(dataFileNames[i]);
    }
    return found;
}

tl::unexpected<Error> incomplete(const fs::path &folder, const std::vector<std::string> &missing)
{
    std::vector<std::string> lacks, advice;
    for (const std::string &name : missing) {
        lacks.push_back(fmt::format("neither {0}.gz nor {0}", name));
        const std::string near = nearDataFile(folder, name);
        if (!near.empty() && std::find(advice.begin(), advice.end(), near) == advice.end())
            advice.push_back(near);
    }
    if (advice.empty())
        advice.emplace_back("Copy the data set again.");
    return dataError(fmt::format("The data set in {} is incomplete: it has {}. {}", platform::quoted(folder),
                                 fmt::join(lacks, ", "), fmt::join(advice, " ")));
}

Result<Paths> pathsIn(const fs::path &folder)
{
    if (const auto there = platform::look(folder); !there)
        return tl::unexpected(there.error());
    Found found = lookInto(folder);
    if (!found.missing.empty())
        return incomplete(folder, found.missing);
    return std::move(found.paths);
}

/// The file, with its digest checked.
Result<CheckedFile> checkedFile(const fs::path &path, IdxKind kind, const ChecksumList &checksums)
{
    if (const auto shape = surveyIdx(path, kind); !shape)
        return tl::unexpected(shape.error());
    auto content = platform::readFile(path);
    if (!content)
        return tl::unexpected(content.error());
    CheckedFile checked{{path, std::move(*content)}, {}};
    checked.digest = sha256(checked.file.content);
    return checksums.check(path, checked.digest).map([&] { return std::move(checked); });
}

Result<CheckedFiles> checkedFiles(const fs::path &folder, const ChecksumList &checksums)
{
    const auto paths = pathsIn(folder);
    if (!paths)
        return tl::unexpected(paths.error());
    CheckedFiles files;
    for (std::size_t i = 0; i < files.size(); ++i) {
        auto file = checkedFile((*paths)[i], kindOf(i), checksums);
        if (!file)
            return tl::unexpected(file.error());
        files[i] = std::move(*file);
    }
    return files;
}

/// As the labels tell: they count from 0, or from 1. Data error where, in a set of some size, most labels up
/// to the largest are nowhere: that one is damaged.
Result<int> classesOf(const std::array<const std::vector<std::uint8_t> *, 2> &sets, const fs::path &path)
{
    std::set<int> seen;
    std::size_t images = 0;
    for (const std::vector<std::uint8_t> *labels : sets) {
        seen.insert(labels->begin(), labels->end());
        images += labels->size();
    }
    const int largest = *seen.rbegin();
    const auto classes = static_cast<std::size_t>(largest) + 1;
    if (classes > 2 * seen.size() + 1 && images > 10 * classes)
        return dataError(
            fmt::format("The labels in {} go up to {}, and there are only {} different ones: they are "
                        "damaged. Copy the data set again.",
                        platform::quoted(path), largest, seen.size()));
    return std::max(largest + 1, 2);
}

/// The same of the files.
Result<int> readClasses(const Paths &paths)
{
    const auto test = readIdxLabels(paths[TestLabels]);
    if (!test)
        return tl::unexpected(test.error());
    const auto train = readIdxLabels(paths[TrainingLabels]);
    if (!train)
        return tl::unexpected(train.error());
    return classesOf({&*train, &*test}, paths[TrainingLabels]);
}

/// As facts tell of the labels, or any.
LabelRange rangeOf(const ImageFacts &facts)
{
    LabelRange range;
    range.classes = facts.classCount().value_or(range.classes);
    range.first = facts.firstLabel;
    return range;
}

/// Rows and columns exchanged, image by image.
void transpose(ImageSet &set)
{
    const auto rows = static_cast<std::size_t>(set.rows), columns = static_cast<std::size_t>(set.columns);
    std::vector<std::uint8_t> turned(rows * columns);
    for (std::uint8_t *image = set.pixels.data(); image != set.pixels.data() + set.pixels.size();
         image += rows * columns)
    {
        for (std::size_t row = 0; row < rows; ++row)
            for (std::size_t column = 0; column < columns; ++column)
                turned[column * rows + row] = image[row * columns + column];
        std::copy(turned.begin(), turned.end(), image);
    }
    std::swap(set.rows, set.columns);
}

std::string_view coloursOf(const ImageSet &set)
{
    return set.channels == 1 ? "" : " in colour";
}

ImageSet upright(ImageSet set, const ImageFacts &facts)
{
    if (facts.transposed)
        transpose(set);
    return set;
}

Result<ImageSet> parseUpright(const CheckedFile &images, const CheckedFile &labels, const ImageFacts &facts)
{
    return parseImageSet(images.file, labels.file, rangeOf(facts)).map([&](ImageSet set) {
        return upright(std::move(set), facts);
    });
}

} // namespace

std::vector<std::string> missingIdxFiles(const fs::path &folder)
{
    return lookInto(folder).missing;
}

Result<ImageSurvey> surveyIdxSet(const fs::path &folder, const ImageFacts &facts)
{
    const auto paths = pathsIn(folder);
    if (!paths)
        return tl::unexpected(paths.error());
    std::array<std::vector<std::int64_t>, dataFileNames.size()> shapes;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        const auto shape = surveyIdx((*paths)[i], kindOf(i));
        if (!shape)
            return tl::unexpected(shape.error());
        shapes[i] = *shape;
    }
    for (const auto &[images, labels] :
         {std::pair(TestImages, TestLabels), std::pair(TrainingImages, TrainingLabels)})
        if (shapes[images][0] != shapes[labels][0])
            return dataError(fmt::format("{} holds {} images, {} holds {} labels; there must be one label an "
                                         "image. Copy both again.",
                                         platform::quoted((*paths)[images]), shapes[images][0],
                                         platform::quoted((*paths)[labels]), shapes[labels][0]));
    const std::vector<std::int64_t> &training = shapes[TrainingImages];
    ImageSurvey survey{
        .trainingImages = training[0], .channels = training[3], .rows = training[1], .columns = training[2]};
    if (facts.transposed)
        std::swap(survey.rows, survey.columns);
    const auto told = facts.classCount();
    return (told ? Result<int>(*told) : readClasses(*paths)).map([&](int classes) {
        survey.classes = classes;
        return survey;
    });
}

Result<std::shared_ptr<Dataset>> readIdxSet(const fs::path &folder, const ImageFacts &facts)
{
    const auto checksums = ChecksumList::of(folder);
    if (!checksums)
        return tl::unexpected(checksums.error());
    const auto files = checkedFiles(folder, *checksums);
    if (!files)
        return tl::unexpected(files.error());

    auto dataset = std::make_shared<Dataset>();
    std::string digests;
    for (const CheckedFile &file : *files)
        digests += file.digest;
    dataset->checksum = sha256(digests);
    dataset->compared = !checksums->empty();
    auto train = parseUpright((*files)[TrainingImages], (*files)[TrainingLabels], facts);
    if (!train)
        return tl::unexpected(train.error());
    auto test = parseUpright((*files)[TestImages], (*files)[TestLabels], facts);
    if (!test)
        return tl::unexpected(test.error());
    if (train->rows != test->rows || train->columns != test->columns || train->channels != test->channels)
        return dataError(
            fmt::format("The images in {} do not fit together: for training they have {} × {} pixels{}, "
                        "for the test {} × {}{}. Copy the data set again.",
                        platform::quoted(folder), train->rows, train->columns, coloursOf(*train), test->rows,
                        test->columns, coloursOf(*test)));
    const auto told = facts.classCount();
    const auto classes = told
                             ? Result<int>(*told)
                             : classesOf({&train->labels, &test->labels}, (*files)[TrainingLabels].file.path);
    if (!classes)
        return tl::unexpected(classes.error());
    dataset->classes = *classes;
    dataset->train = std::move(*train);
    dataset->test = std::move(*test);
    return dataset;
}

Result<ImageSet> firstOfIdxSet(const fs::path &folder, const ImageFacts &facts, std::int64_t count)
{
    return pathsIn(folder)
        .and_then([&](const Paths &paths) {
            return firstImages(paths[TrainingImages], paths[TrainingLabels], rangeOf(facts), count);
        })
        .map([&](ImageSet set) { return upright(std::move(set), facts); });
}

} // namespace losslab
