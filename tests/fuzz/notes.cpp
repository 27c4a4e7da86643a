#include "readers.h"

#include "library/runentry.h"

void losslab::fuzz::readNotesFile(std::string_view input)
{
    (void)readEntryText(input); // the library's cache
    const std::filesystem::path run = put("received/notes.json", input).parent_path();
    const auto notes = readRunNotes(run);
    promiseMessage(notes);
    if (!notes)
        return;
    promise(writeRunNotes(run, *notes).has_value(), "they can be written");
    const auto again = readRunNotes(run);
    promise(again && *again == *notes, "what is written reads back the same");
}
