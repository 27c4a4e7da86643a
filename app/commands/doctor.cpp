#include "app/commands/commands.h"

#include "app/gui.h"
#include "app/output.h"
#include "app/text.h"
#include "base/device.h"
#include "base/numbertext.h"
#include "base/platform.h"
#include "data/catalogue.h"
#include "data/dataset.h"

#include <system_error>

namespace losslab::app {

namespace {

enum class Finding {
    Ok,
    Optional, ///< not there, and LossLab does without
    Missing,
};

struct Line
{
    Finding finding = Finding::Ok;
    std::string what;
    std::string words;
};

constexpr double gibibyte = 1024.0 * 1024.0 * 1024.0;
constexpr double leastFreeGibibytes = 0.5;

std::string compilerName()
{
#if defined(__clang__)
    return "Clang " __clang_version__;
#else
    return "GCC " __VERSION__;
#endif
}

Line gpuLine()
{
    if (cudaAvailable())
        return {Finding::Ok, "GPU", deviceDescription(Device::Cuda, 1)};
    return {Finding::Optional, "GPU",
            "none that LibTorch can use, so training is on the CPU. With an NVIDIA card: install its driver "
            "and build "
            "with a CUDA LibTorch (./dev build takes one where it sees the card)."};
}

Line dataLine(const CatalogueEntry &entry)
{
    const std::string what = "Data set " + entry.id;
    const auto folder = findDataset(entry.id);
    if (!folder)
        return {Finding::Optional, what,
                fmt::format("not downloaded yet: a run with --data {} downloads it, {}{}.", entry.id,
                            entry.sizeText(),
                            entry.package ? fmt::format(", or: apt install {}", entry.package->name) : "")};
    const auto dataset = loadDataset(entry.id);
    if (!dataset)
        return {Finding::Missing, what, dataset.error().message};
    return {Finding::Ok, what,
            fmt::format("{} training and {} test images in {}, {}", countText((*dataset)->train.count),
                        countText((*dataset)->test.count), folder->string(),
                        (*dataset)->compared ? "checksums match" : "no checksums to compare with")};
}

std::vector<Line> dataLines()
{
    const auto catalogue = readCatalogue();
    if (!catalogue)
        return {{Finding::Missing, "Data sets", catalogue.error().message}};
    std::vector<Line> lines;
    for (const CatalogueEntry &entry : *catalogue)
        lines.push_back(dataLine(entry));
    return lines;
}

/// Makes the folder of runs where it is not there yet, as the first run would.
Line runsLine()
{
    const std::filesystem::path folder = platform::runsFolder();
    const std::filesystem::path probe = folder / ".doctor";
    const Result<void> written =
        platform::makeFolder(folder).and_then([&] { return platform::writeFileAtomically(probe, ""); });
    (void)platform::removeFile(probe);
    if (!written)
        return {Finding::Missing, "Runs",
                fmt::format("{} Choose another folder with LOSSLAB_HOME.", written.error().message)};
    const double free = static_cast<double>(platform::freeDiskBytes(folder)) / gibibyte;
    if (free < leastFreeGibibytes)
        return {Finding::Missing, "Runs",
                fmt::format(
                    "only {:.1f} GiB are free in {}: make room, or choose another folder with LOSSLAB_HOME.",
                    free, folder.string())};
    return {Finding::Ok, "Runs", fmt::format("{}, {:.0f} GiB free", folder.string(), free)};
}

Line displayLine()
{
    if (!hasGui())
        return {Finding::Optional, "Window",
                "this build has none and draws no charts; the commands work without."};
    if (!hasDisplay())
        return {Finding::Optional, "Display", "none, so the window cannot open; the commands work without."};
    return {Finding::Ok, "Display", "available for the window"};
}

Line fontsLine()
{
    const int families = Painter().fontFamilies();
    if (families == 0)
        return {Finding::Missing, "Fonts",
                "none, so charts would have no text. On Debian and Ubuntu: apt install fonts-dejavu-core."};
    return {Finding::Ok, "Fonts", fmt::format("{} families", families)};
}

std::vector<Line> examine()
{
    std::vector<Line> lines{
        {Finding::Ok, "LossLab", fmt::format("{}, built with {}", LOSSLAB_VERSION, compilerName())},
        {Finding::Ok, "LibTorch", libTorchVersion()},
    };
    if (hasGui())
        lines.push_back({Finding::Ok, "Qt", qtVersion()});
    lines.push_back(
        {Finding::Ok, "Processor",
         fmt::format("{}, {} cores, {:.1f} GiB of memory", platform::cpuName(), platform::cpuCount(),
                     static_cast<double>(platform::memoryBytes()) / gibibyte)});
    lines.push_back(gpuLine());
    for (Line &line : dataLines())
        lines.push_back(std::move(line));
    lines.push_back(runsLine());
    lines.push_back(displayLine());
    if (hasGui())
        lines.push_back(fontsLine());
    return lines;
}

std::string_view findingName(Finding finding)
{
    switch (finding) {
    case Finding::Ok:
        return "ok";
    case Finding::Optional:
        return "without";
    case Finding::Missing:
        break;
    }
    return "missing";
}

int doctor()
{
    std::vector<std::vector<std::string>> rows;
    bool canRun = true;
    for (const Line &line : examine()) {
        rows.push_back({std::string(findingName(line.finding)), line.what, line.words});
        canRun = canRun && line.finding != Finding::Missing;
    }
    print("{}\n{}\n", alignedRows(rows),
          canRun ? "LossLab can run here." : "Something LossLab needs is missing.");
    return canRun ? exitcode::done : exitcode::dataProblem;
}

} // namespace

void addDoctor(CLI::App &program, Result<int> &outcome)
{
    CLI::App *command = program.add_subcommand(
        "doctor", "Check whether LossLab can run here: versions, devices, data sets and disk");
    command->footer("Exit codes: 0 LossLab can run here, 3 something it needs is missing.");
    command->callback([&outcome] { outcome = doctor(); });
}

} // namespace losslab::app
