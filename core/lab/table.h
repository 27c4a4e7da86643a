#pragma once

#include "lab/axis.h"
#include "lab/eventsink.h"

#include <string>
#include <vector>

namespace losslab {

class Experiment;

struct Column
{
    std::string key;
    std::string label;
    Format format = Format::Number;
};

/// The order of a table's rows.
enum class Rows {
    AsAdded,
    Sorted, ///< by the first column, whoever came first
};

struct TableInfo
{
    std::string id;
    std::string title;
    std::vector<Column> columns;
    Rows rows = Rows::AsAdded;
};

/// A table of an experiment. Constructed as a member, it registers itself.
class Table
{
public:
    Table(Experiment *owner, std::string id, std::string title, std::vector<Column> columns,
          Rows rows = Rows::AsAdded);
    Table(const Table &) = delete;
    Table &operator=(const Table &) = delete;

    const TableInfo &info() const { return m_info; }

    /// Adds a row: one value a column, in their order.
    void add(EventSink &sink, std::vector<Value> cells) const;

private:
    TableInfo m_info;
};

} // namespace losslab
