#include "runs/outcome.h"

#include "base/plaintext.h"
#include "base/torcherror.h"
#include "lab/run.h"

#include <fmt/format.h>
#include <new>
#include <system_error>

namespace losslab {

namespace {

/// The rest of what LibTorch says is its call stack.
std::string firstLine(std::string_view text)
{
    return plainText(text.substr(0, text.find('\n')));
}

bool isOutOfMemory(const std::exception &error)
{
    const std::string_view text = error.what();
    return dynamic_cast<const std::bad_alloc *>(&error)
           || text.find("out of memory") != std::string_view::npos
           || text.find("can't allocate memory") != std::string_view::npos;
}

std::string words(const std::exception &error)
{
    if (isOutOfMemory(error))
        return "Memory ran out while training. Use smaller models or batches, or another device; what was "
               "computed before is kept.";
    if (isOfLibTorch(error))
        return fmt::format("Training ended with an error of LibTorch: {} What was computed before is kept.",
                           firstLine(error.what()));
    if (const auto *refused = dynamic_cast<const std::system_error *>(&error))
        return fmt::format("Training ended because a system call failed: {}. What was computed before is "
                           "kept.",
                           firstLine(refused->what()));
    return fmt::format(
        "Training ended with an error of LossLab itself: {}. What was computed before is kept. Please "
        "report this.",
        firstLine(error.what()));
}

} // namespace

StateEvent outcomeOf(const std::exception_ptr &failure)
{
    if (!failure)
        return {RunState::Finished};
    try {
        std::rethrow_exception(failure);
    } catch (const Stopped &) {
        return {RunState::Stopped, "Stopped; everything up to then is kept."};
    } catch (const RunError &error) {
        return {RunState::Failed, error.error().message, error.error().kind};
    } catch (const std::exception &error) {
        return {RunState::Failed, words(error)};
    } catch (...) {
        return {RunState::Failed, "Training ended with an unknown error. What was computed before is kept."};
    }
}

} // namespace losslab
