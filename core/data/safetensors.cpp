#include "data/safetensors.h"

#include "base/plaintext.h"
#include "base/platform.h"
#include "base/text.h"
#include "lab/jsonfields.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <span>
#include <system_error>

namespace losslab {

namespace {

namespace fs = std::filesystem;
/// Finds an object's fields at once, however many there are.
using Sorted = nlohmann::json;

static_assert(std::endian::native == std::endian::little, "safetensors holds little-endian numbers");

constexpr std::size_t lengthSize = sizeof(std::uint64_t);
constexpr std::size_t alignment = 8;
constexpr std::uint64_t longestHeader = std::uint64_t{8} << 20; ///< bytes: of some 80,000 tensors
constexpr std::size_t longestProblem = 400;                     ///< characters; a name may have any number

std::size_t sizeOf(TensorType type)
{
    return type == TensorType::Float32 ? sizeof(float) : sizeof(double);
}

std::string headerOf(const Safetensors &content)
{
    Json header = Json::object();
    if (!content.metadata.empty())
        header["__metadata__"] = content.metadata;
    std::size_t offset = 0;
    for (const TensorData &tensor : content.tensors) {
        const std::size_t end = offset + tensor.bytes.size();
        header[tensor.name] = {{"dtype", tensor.type == TensorType::Float32 ? "F32" : "F64"},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, end}}};
        offset = end;
    }
    std::string text = header.dump(-1, ' ', false, Json::error_handler_t::replace);
    text.append((alignment - text.size() % alignment) % alignment, ' ');
    return text;
}

tl::unexpected<Error> damaged(const fs::path &path, std::string_view what)
{
    return dataError(fmt::format("The model file {} is damaged: {}. Copy it again.", platform::quoted(path),
                                 cutTo(plainText(what, true), longestProblem)));
}

/// A tensor as the header describes it.
struct Entry
{
    std::string name;
    TensorType type = TensorType::Float32;
    std::vector<std::int64_t> shape;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

/// Bytes a tensor takes; nothing where the shape is absurd.
std::optional<std::uint64_t> bytesOf(TensorType type, const std::vector<std::int64_t> &shape)
{
    std::uint64_t bytes = sizeOf(type);
    for (const std::int64_t size : shape)
        if (size < 0 || __builtin_mul_overflow(bytes, static_cast<std::uint64_t>(size), &bytes))
            return std::nullopt;
    return bytes;
}

bool isArrayOfSizes(const Sorted &json)
{
    return json.is_array() && std::all_of(json.begin(), json.end(), [](const Sorted &size) {
               return size.is_number_unsigned();
           });
}

/// The entry, or in words what is wrong with it.
tl::expected<Entry, std::string> readEntry(const std::string &name, const Sorted &json)
{
    const auto field = [&](const char *key) {
        return json.is_object() ? json.value(key, Sorted()) : Sorted();
    };
    const Sorted type = field("dtype"), shape = field("shape"), offsets = field("data_offsets");
    if (type != "F32" && type != "F64")
        return tl::unexpected(
            fmt::format("tensor {} has the type {}; LossLab reads F32 and F64", name, type.dump()));
    if (!isArrayOfSizes(shape) || !isArrayOfSizes(offsets) || offsets.size() != 2)
        return tl::unexpected(fmt::format("tensor {} has no proper shape and offsets", name));
    Entry entry{name, type == "F32" ? TensorType::Float32 : TensorType::Float64,
                shape.get<std::vector<std::int64_t>>(), offsets[0].get<std::uint64_t>(),
                offsets[1].get<std::uint64_t>()};
    const auto bytes = bytesOf(entry.type, entry.shape);
    if (!bytes || entry.end < entry.begin || entry.end - entry.begin != *bytes)
        return tl::unexpected(fmt::format("shape and offsets of tensor {} do not agree", name));
    return entry;
}

tl::expected<std::vector<Entry>, std::string> readHeader(std::string_view text,
                                                         std::map<std::string, std::string> *metadata)
{
    if (const std::string problem = problemOfDepth(text); !problem.empty())
        return tl::unexpected("its header cannot be taken: " + problem);
    const Sorted header = Sorted::parse(text, nullptr, false);
    if (!header.is_object())
        return tl::unexpected(std::string("its header is not a JSON object"));
    std::vector<Entry> entries;
    for (const auto &[name, json] : header.items()) {
        if (name == "__metadata__") {
            for (const auto &[key, value] : json.items())
                if (metadata && value.is_string())
                    (*metadata)[key] = value.get<std::string>();
            continue;
        }
        auto entry = readEntry(name, json);
        if (!entry)
            return tl::unexpected(entry.error());
        entries.push_back(std::move(*entry));
    }
    std::stable_sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
        return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
    });
    return entries;
}

/// Of a header, by the first eight bytes of its file.
std::uint64_t declaredLength(std::string_view begin)
{
    std::uint64_t length = 0;
    std::memcpy(&length, begin.data(), lengthSize);
    return length;
}

/// Of a file of so many bytes, by those it begins with.
Result<std::size_t> headerLength(const fs::path &path, std::string_view begin, std::uintmax_t size)
{
    if (begin.size() < lengthSize)
        return damaged(path, fmt::format("it has {} bytes, too few for a header", begin.size()));
    const std::uint64_t length = declaredLength(begin);
    if (length > size - lengthSize)
        return damaged(path, fmt::format("it declares a header of {} bytes and has {} in all", length, size));
    if (length > longestHeader)
        return damaged(path, fmt::format("it declares a header of {} bytes, LossLab reads at most {}", length,
                                         longestHeader));
    return static_cast<std::size_t>(length);
}

/// Without their bytes, of which there are so many.
Result<std::vector<TensorData>> readTensors(const fs::path &path, std::string_view header,
                                            std::uintmax_t bytes,
                                            std::map<std::string, std::string> *metadata = nullptr)
{
    const auto entries = readHeader(header, metadata);
    if (!entries)
        return damaged(path, entries.error());
    std::vector<TensorData> tensors;
    std::uint64_t position = 0;
    for (const Entry &entry : *entries) {
        if (entry.begin != position)
            return damaged(path, fmt::format("tensor {} begins at byte {}, the one before it ends at byte {}",
                                             entry.name, entry.begin, position));
        if (entry.end > bytes)
            return damaged(path, fmt::format("tensor {} ends at byte {}, the file holds {}", entry.name,
                                             entry.end, bytes));
        tensors.push_back({entry.name, entry.type, entry.shape, {}});
        position = entry.end;
    }
    if (position != bytes)
        return damaged(path, fmt::format("{} bytes follow its last tensor", bytes - position));
    return tensors;
}

} // namespace

std::string safetensorsText(const Safetensors &file)
{
    const std::string header = headerOf(file);
    const std::uint64_t length = header.size();
    std::size_t size = lengthSize + header.size();
    for (const TensorData &tensor : file.tensors)
        size += tensor.bytes.size();
    std::string content;
    content.reserve(size);
    content.resize(lengthSize);
    std::memcpy(content.data(), &length, lengthSize);
    content += header;
    for (const TensorData &tensor : file.tensors)
        content.append(reinterpret_cast<const char *>(tensor.bytes.data()), tensor.bytes.size());
    return content;
}

Result<void> writeSafetensors(const fs::path &path, const std::vector<TensorData> &tensors)
{
    return platform::writeFileAtomically(path, safetensorsText({tensors}));
}

Result<std::vector<TensorData>> readSafetensors(const fs::path &path)
{
    const auto text = platform::readFile(path);
    if (!text)
        return tl::unexpected(text.error());
    auto file = parseSafetensors(path, *text);
    if (!file)
        return tl::unexpected(file.error());
    return std::move(file->tensors);
}

Result<Safetensors> parseSafetensors(const fs::path &path, std::string_view all)
{
    Safetensors file;
    const auto length = headerLength(path, all.substr(0, lengthSize), all.size());
    if (!length)
        return tl::unexpected(length.error());
    const std::string_view data = all.substr(lengthSize + *length);
    auto tensors = readTensors(path, all.substr(lengthSize, *length), data.size(), &file.metadata);
    if (!tensors)
        return tl::unexpected(tensors.error());
    file.tensors = std::move(*tensors);
    std::size_t position = 0;
    for (TensorData &tensor : file.tensors) {
        const auto bytes =
            std::as_bytes(std::span(data.substr(position, *bytesOf(tensor.type, tensor.shape))));
        tensor.bytes = {bytes.begin(), bytes.end()};
        position += bytes.size();
    }
    return file;
}

Result<std::vector<TensorData>> readSafetensorsHeader(const fs::path &path)
{
    std::string text;
    const auto read = platform::readParts(path, [&](std::string_view part) {
        text += part;
        return text.size() < lengthSize
               || text.size() - lengthSize < std::min(declaredLength(text), longestHeader);
    });
    if (!read)
        return tl::unexpected(read.error());
    const auto facts = platform::look(path);
    const std::uint64_t size = facts && *facts ? (*facts)->size : text.size();
    const auto length = headerLength(path, std::string_view(text).substr(0, lengthSize), size);
    if (!length)
        return tl::unexpected(length.error());
    const std::string_view header = std::string_view(text).substr(lengthSize, *length);
    return readTensors(path, header, size - lengthSize - *length);
}

} // namespace losslab
