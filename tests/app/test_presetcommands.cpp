#include "programtest.h"

#include <QTest>
#include <fstream>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;
using Json = nlohmann::json;

/// A person's own presets from the command line.
class TestPresetCommands final : public ProgramTest
{
    Q_OBJECT

    /// Settings that differ from the report preset, and take no time.
    const QStringList m_short{"--set", "epochs=2", "--set", "hidden=3"};

    Ended save(const QString &name, const QStringList &more = {}) const
    {
        return losslab(QStringList{"presets", "save", "gradient-norm", name} + m_short + more);
    }
    Ended run(const QString &preset, const std::string &folder, const QStringList &more = {}) const
    {
        return losslab(
            QStringList{"run", "gradient-norm", "--preset", preset, "--charts", "none", "--out", text(folder)}
            + more);
    }
    Json listed() const { return Json::parse(losslab({"presets", "--json"}).out.toStdString()); }

private Q_SLOTS:
    void cleanup() { fs::remove_all(path("home/presets")); }

    void anOwnPresetIsSavedListedRunAndDeleted()
    {
        const Ended none = losslab({"presets"});
        QVERIFY(none.code == 0 && none.out.isEmpty() && none.error.contains("no presets of your own"));
        const Ended saved = save("Übung 1", {"--seed", "7"});
        QVERIFY2(saved.code == 0, qPrintable(saved.error));
        QVERIFY(fs::exists(saved.out.trimmed().toStdString()));
        const Json all = listed();
        QCOMPARE(all.size(), std::size_t(1));
        QCOMPARE(all[0]["name"].get<std::string>(), std::string("Übung 1"));
        QCOMPARE(all[0]["experiment"].get<std::string>(), std::string("gradient-norm"));
        QCOMPARE(all[0]["parameters"]["epochs"].get<int>(), 2);
        QCOMPARE(all[0]["seed"].get<int>(), 7);
        const Ended list = losslab({"presets", "gradient-norm"});
        QVERIFY2(list.out.contains("Übung 1")
                     && list.out.contains("report preset, hidden layers 3, at most 2 epochs, seed 7"),
                 qPrintable(list.out));
        QVERIFY(losslab({"presets", "capacity"}).out.isEmpty());
        QVERIFY(losslab({"list", "gradient-norm"}).out.contains("Own presets: Übung 1"));

        QCOMPARE(run("Übung 1", "as-saved").code, 0);
        const Json spec = jsonOf(path("as-saved/run.json"))["spec"];
        QCOMPARE(spec["parameters"]["epochs"].get<int>(), 2);
        QCOMPARE(spec["seed"].get<int>(), 7);
        QCOMPARE(spec["preset"].get<std::string>(), std::string("report"));
        QCOMPARE(spec["ownPreset"].get<std::string>(), std::string("Übung 1"));
        QVERIFY(losslab({"show", text("as-saved")}).out.contains("“Übung 1”: report preset"));

        QCOMPARE(losslab({"presets", "delete", "gradient-norm", "Übung 1"}).code, 0);
        QCOMPARE(listed().size(), std::size_t(0));
        QCOMPARE(losslab({"show", text("as-saved")}).code, 0); // the run tells of it still
    }

    /// Only a run that has all of its settings bears its name; what it does not say may be chosen.
    void aRunIsNamedAfterThePresetThatItHas()
    {
        QCOMPARE(save("mine").code, 0);
        QCOMPARE(run("mine", "seed", {"--seed", "5"}).code, 0);
        QCOMPARE(jsonOf(path("seed/run.json"))["spec"]["ownPreset"].get<std::string>(), std::string("mine"));
        QCOMPARE(run("mine", "changed", {"--set", "epochs=3"}).code, 0);
        const Json spec = jsonOf(path("changed/run.json"))["spec"];
        QVERIFY(!spec.contains("ownPreset"));
        QCOMPARE(spec["parameters"]["hidden"].get<std::string>(), std::string("3"));
    }

    void aPresetIsHandedOnAsAFile()
    {
        QCOMPARE(save("a/b: c").code, 0);
        fs::create_directory(path("class"));
        const QStringList exporting{"presets", "export", "gradient-norm", "a/b: c", text("class")};
        const Ended exported = losslab(exporting);
        QVERIFY2(exported.code == 0, qPrintable(exported.error));
        const fs::path file = path("class/a-b- c.losslab-preset");
        QCOMPARE(exported.out.trimmed().toStdString(), file.string());
        QVERIFY(losslab(exporting).error.contains("is there already"));
        QCOMPARE(losslab(exporting).code, 2);
        QCOMPARE(losslab(exporting + QStringList{"--replace"}).code, 0);
        QCOMPARE(losslab({"presets", "delete", "gradient-norm", "a/b: c"}).code, 0);

        QCOMPARE(run(QString::fromStdString(file.string()), "by-file").code, 0); // as it is
        QCOMPARE(jsonOf(path("by-file/run.json"))["spec"]["ownPreset"].get<std::string>(),
                 std::string("a/b: c"));
        const Ended other = losslab({"run", "capacity", "--preset", QString::fromStdString(file.string())});
        QVERIFY(other.code == 2 && other.error.contains("a preset of gradient-norm, not of capacity"));

        const QStringList importing{"presets", "import", QString::fromStdString(file.string())};
        QCOMPARE(losslab(importing).code, 0);
        QCOMPARE(losslab(importing).code, 0); // the same again
        QCOMPARE(listed().size(), std::size_t(1));
        QCOMPARE(save("a/b: c", {"--replace", "--seed", "9"}).code, 0);
        const Ended beside = losslab(importing);
        QVERIFY2(beside.error.contains("“a/b: c (2)”"), qPrintable(beside.error));
        QCOMPARE(listed().size(), std::size_t(2));
    }

    void aPresetIsMadeFromARun()
    {
        QCOMPARE(losslab(QStringList{"run", "gradient-norm", "--charts", "none", "--seed", "3", "--out",
                                     text("origin")}
                         + m_short)
                     .code,
                 0);
        const QStringList saving{"presets", "save", "gradient-norm", "again", "--from", text("origin")};
        QCOMPARE(losslab(saving).code, 0);
        QCOMPARE(run("again", "again").code, 0);
        QCOMPARE(bytesOf(path("again/summary.json")), bytesOf(path("origin/summary.json")));
        const Ended both = losslab(saving + QStringList{"--seed", "4"});
        QVERIFY2(both.code == 2 && both.error.contains("--from"), qPrintable(both.error));
        const Ended other = losslab({"presets", "save", "capacity", "again", "--from", text("origin")});
        QVERIFY(other.code == 2 && other.error.contains("a run of gradient-norm"));
    }

    void wrongUse_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QStringList>("words");
        QTest::newRow("a typo") << QStringList{"run", "gradient-norm", "--preset", "mime"}
                                << QStringList{"--preset", "not “mime”", "Did you mean mine?"};
        QTest::newRow("no experiment")
            << QStringList{"presets", "save"} << QStringList{"presets save needs an EXPERIMENT"};
        QTest::newRow("no name") << QStringList{"presets", "save", "gradient-norm"}
                                 << QStringList{"needs a name"};
        QTest::newRow("taken") << QStringList{"presets", "save", "gradient-norm", "mine"}
                               << QStringList{"has a preset “mine” already", "--replace"};
        QTest::newRow("LossLab's own") << QStringList{"presets", "save", "gradient-norm", "Report"}
                                       << QStringList{"LossLab's own preset"};
        QTest::newRow("a wrong setting")
            << QStringList{"presets", "save", "gradient-norm", "x", "--set", "epochs=0"}
            << QStringList{"epochs", "from 1"};
        QTest::newRow("delete a typo")
            << QStringList{"presets", "delete", "gradient-norm", "mime"} << QStringList{"Did you mean mine?"};
        QTest::newRow("delete none") << QStringList{"presets", "delete", "capacity", "mine"}
                                     << QStringList{"capacity has none of your own"};
        QTest::newRow("export a typo")
            << QStringList{"presets", "export", "gradient-norm", "mime"} << QStringList{"Did you mean mine?"};
        QTest::newRow("import nothing") << QStringList{"presets", "import"} << QStringList{"needs a FILE"};
        QTest::newRow("another command") << QStringList{"presets", "remove"} << QStringList{"remove"};
        QTest::newRow("another experiment")
            << QStringList{"presets", "gradient-nrom"} << QStringList{"did you mean gradient-norm?"};
        QTest::newRow("a word too many") << QStringList{"presets", "delete", "gradient-norm", "mine", "twice"}
                                         << QStringList{"losslab presets delete does not take “twice”"};
        QTest::newRow("an option it lacks")
            << QStringList{"presets", "save", "gradient-norm", "x", "--seeds", "1"}
            << QStringList{"presets save has no option", "did you mean --seed?"};
    }
    void wrongUse()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QStringList, words);
        QCOMPARE(save("mine").code, 0);
        const Ended ended = losslab(arguments);
        QVERIFY2(ended.code == 2, qPrintable(ended.error));
        QCOMPARE(ended.out, QString());
        for (const QString &word : words)
            QVERIFY2(ended.error.contains(word), qPrintable(ended.error));
        QCOMPARE(listed().size(), std::size_t(1));
    }

    void whatCannotBeReadIsSaidAndTheRestIsThere()
    {
        QCOMPARE(save("mine").code, 0);
        const fs::path folder = path("home/presets/gradient-norm");
        std::ofstream(folder / "broken.losslab-preset") << "{\"format\": 1}";
        const Ended list = losslab({"presets"});
        QCOMPARE(list.code, 3);
        QVERIFY(list.out.contains("mine") && list.error.contains("broken.losslab-preset"));
        std::ofstream(folder / "broken.losslab-preset")
            << R"({"format":1,"name":"old","experiment":"gradient-norm","preset":"report","parameters":{"gone":1}})";
        const Ended misfit = losslab({"presets"});
        QCOMPARE(misfit.code, 0);
        QVERIFY2(misfit.out.contains("no parameter “gone”"), qPrintable(misfit.out));
        const Ended ended = run("old", "never");
        QVERIFY2(ended.code == 3 && ended.error.contains("no parameter “gone”"), qPrintable(ended.error));
        QVERIFY(!fs::exists(path("never")));
        const Ended window = losslab({QString::fromStdString((folder / "none.losslab-preset").string())});
        QVERIFY(window.code == 3 && window.error.contains("none.losslab-preset"));
    }
};

QTEST_GUILESS_MAIN(TestPresetCommands)
#include "test_presetcommands.moc"
