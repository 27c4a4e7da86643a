#pragma once

#include "experiments/registry.h"
#include "lab/experiment.h"

#include <QString>
#include <QTest>

namespace losslab::test {

/// A row of test data for each experiment there is: "id", a QString.
inline void everyExperiment()
{
    QTest::addColumn<QString>("id");
    for (const ExperimentFactory make : registry()) {
        const std::string id = make()->info().id;
        QTest::newRow(id.c_str()) << QString::fromStdString(id);
    }
}

} // namespace losslab::test
