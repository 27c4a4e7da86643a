#include "ui/tabletext.h"

#include "experiments/registry.h"
#include "lab/rundata.h"
#include "lab/valuetext.h"
#include "ui/figuresview.h"
#include "ui/text.h"

#include <QTest>
#include <algorithm>

using namespace losslab;
using namespace losslab::ui;

/// Tables as other programs take them.
class TestTableText : public QObject
{
    Q_OBJECT

private:
    const TableText m_table{
        {QStringLiteral("Model"), QStringLiteral("Accuracy, θ₁"), QStringLiteral("a|b, \"c\"")},
        {{QStringLiteral("deep_1"), QStringLiteral("98.72 % ± 0.1"), QStringLiteral("x & y")},
         {QStringLiteral("wide"), QStringLiteral("–"), QStringLiteral("*")}}};

private Q_SLOTS:
    void spreadsheetsTakeTabs()
    {
        QCOMPARE(tabSeparated(m_table), QStringLiteral("Model\tAccuracy, θ₁\ta|b, \"c\"\n"
                                                       "deep_1\t98.72 % ± 0.1\tx & y\n"
                                                       "wide\t–\t*\n"));
        const TableText torn{{QStringLiteral("a\tb")}, {{QStringLiteral("c\nd")}}};
        QCOMPARE(tabSeparated(torn), QStringLiteral("a b\nc d\n"));
    }
    void csvQuotes()
    {
        QCOMPARE(csvTable(m_table), QStringLiteral("Model,\"Accuracy, θ₁\",\"a|b, \"\"c\"\"\"\n"
                                                   "deep_1,98.72 % ± 0.1,x & y\n"
                                                   "wide,–,*\n"));
    }
    void markdownIsAligned()
    {
        QCOMPARE(markdownTable(m_table), QStringLiteral("| Model   |  Accuracy, θ₁ | a\\|b, \"c\" |\n"
                                                        "| ------- | ------------: | --------- |\n"
                                                        "| deep\\_1 | 98.72 % ± 0.1 | x & y     |\n"
                                                        "| wide    |             – | \\*        |\n"));
    }
    void latexNeedsNoPackage()
    {
        QCOMPARE(latexTable(m_table), QStringLiteral("\\begin{tabular}{lrl}\n"
                                                     "\\hline\n"
                                                     "Model & Accuracy, $\\theta$$_1$ & a|b, \"c\" \\\\\n"
                                                     "\\hline\n"
                                                     "deep\\_1 & 98.72 \\% $\\pm$ 0.1 & x \\& y \\\\\n"
                                                     "wide & -- & * \\\\\n"
                                                     "\\hline\n"
                                                     "\\end{tabular}\n"));
    }

    /// Whatever signs the experiments use, LaTeX reads them without a package.
    void latexKnowsEverySignOfEveryExperiment()
    {
        QStringList texts;
        for (const double value : {-0.5, 1240.0, -2.31e-5, 6.789e10})
            texts << fromText(figureText(value, Format::Number));
        const auto add = [&](const std::string &text) { texts << fromText(text); };
        for (const ExperimentFactory make : registry()) {
            const std::unique_ptr<Experiment> experiment = make();
            for (const Figure *figure : experiment->figures())
                add(figure->info().label);
            for (const Table *table : experiment->tables())
                for (const Column &column : table->info().columns)
                    add(column.label);
            for (const ChartInfo &info : experiment->chartsFor({})) {
                for (const std::string &text : {info.title, info.x.title, info.y.title})
                    add(text);
                for (const SeriesInfo &series : info.series)
                    add(series.label);
            }
        }
        QVERIFY(texts.join(QString()).contains(u'∇'));
        for (const QString &text : texts) {
            const QString latex = latexTable({{text}, {}});
            QVERIFY2(std::all_of(latex.begin(), latex.end(), [](QChar sign) { return sign < QChar(0x80); }),
                     qPrintable(latex));
        }
        QVERIFY(
            latexTable({{QStringLiteral("∂·→")}, {}}).contains(QStringLiteral("$\\partial$$\\cdot$$\\to$")));
    }

    /// What is shown with a median, the range, is copied with it.
    void copiedResultsHaveTheRange()
    {
        const auto experiment = *makeExperiment("function-fit");
        RunSpec spec = makeSpec(*experiment, Preset::Report);
        spec.repeats = 3;
        RunData data(*experiment, spec);
        int repeat = 0;
        for (const double loss : {0.25, 0.0625, 0.5})
            data.apply(FigureEvent{"deep", "loss", repeat++, loss});
        FiguresModel model(*experiment);
        model.setFigures(spec, data);
        const TableText table = model.table(true);
        const QString deep = fromText(data.modelLabel("deep"));
        const auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                      [&](const QStringList &cells) { return cells.front() == deep; });
        QVERIFY(row != table.rows.end());
        const auto cell = [&](const char *heading) { return row->value(table.heading.indexOf(heading)); };
        QCOMPARE(cell("Final loss"), QString("0.25"));
        QCOMPARE(cell("Final loss, minimum"), QString("0.0625"));
        QCOMPARE(cell("Final loss, maximum"), QString("0.5"));
        QVERIFY(!table.heading.contains(QString("Final loss, standard deviation")));
    }
};

QTEST_GUILESS_MAIN(TestTableText)
#include "test_tabletext.moc"
