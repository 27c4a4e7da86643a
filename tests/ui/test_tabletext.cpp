#include "ui/tabletext.h"

#include <QTest>

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
};

QTEST_GUILESS_MAIN(TestTableText)
#include "test_tabletext.moc"
