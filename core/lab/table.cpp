#include "lab/table.h"

#include "lab/experiment.h"

#include <utility>

namespace losslab {

Table::Table(Experiment *owner, std::string id, std::string title, std::vector<Column> columns, Rows rows)
    : m_info{std::move(id), std::move(title), std::move(columns), rows}
{
    owner->m_tables.push_back(this);
}

void Table::add(EventSink &sink, std::vector<Value> cells) const
{
    RowEvent row{m_info.id, 0, {}};
    for (std::size_t i = 0; i < m_info.columns.size(); ++i)
        row.cells.emplace_back(m_info.columns[i].key, std::move(cells.at(i)));
    sink.emit(std::move(row));
}

} // namespace losslab
