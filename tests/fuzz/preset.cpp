#include "readers.h"

#include "runs/presetfile.h"

void losslab::fuzz::readPresetFile(std::string_view input)
{
    const auto own = readPreset(put("a.losslab-preset", input));
    promiseMessage(own);
    if (!own)
        return;
    promise(presetNameProblem(own->preset.name).empty(), "its name is one");
    if (!own->misfit.empty())
        return promiseMessage({ErrorKind::Data, own->misfit});
    const std::filesystem::path copy = workFolder() / "b.losslab-preset";
    promise(writePreset(copy, *own).has_value(), "it can be written");
    const auto again = readPreset(copy);
    promise(again && again->misfit.empty() && again->preset == own->preset,
            "what is written reads back the same");
}
