#include "base/filehook.h"
#include "base/plaintext.h"
#include "base/platform.h"
#include "experiments/registry.h"
#include "filefixtures.h"
#include "lab/experiment.h"
#include "runs/presetlibrary.h"
#include "tests/idxfiles.h"

#include <QScopeGuard>
#include <QTest>
#include <set>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

namespace {

constexpr const char *functionFit = "function-fit";

/// Settings that differ from every preset.
RunSpec someSpec(Preset base = Preset::Report)
{
    const auto experiment = *makeExperiment(functionFit);
    RunSpec spec = makeSpec(*experiment, base);
    *spec.find("epochs") = std::int64_t{123};
    *spec.find("optimizer") = std::string("sgd");
    *spec.find("momentum") = 0.5;
    spec.seed = 7;
    return spec;
}

OwnPreset made(const std::string &name, const RunSpec &spec = someSpec())
{
    const auto own = makePreset(name, spec);
    return own ? *own : OwnPreset{.experiment = {}, .preset = {}, .misfit = own.error().message};
}

bool has(const std::string &text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

/// A person's own presets: as values, as files, in their folder.
class TestPresets : public QObject
{
    Q_OBJECT

    std::unique_ptr<TemporaryFolder> m_home;

private Q_SLOTS:
    void init()
    {
        m_home = std::make_unique<TemporaryFolder>();
        qputenv("LOSSLAB_HOME", QByteArray::fromStdString(m_home->path().string()));
    }
    void cleanup() { qunsetenv("LOSSLAB_HOME"); }

    /// Of every experiment and preset: what was saved is what is read, and the run is the same.
    void aPresetIsReadBackAsItWasSaved()
    {
        for (const ExperimentFactory make : registry()) {
            const auto experiment = make();
            for (const NamedPreset &base : builtInPresets(*experiment)) {
                RunSpec spec = makeSpec(*experiment, base);
                spec.seed = 3;
                spec.repeats = 4;
                const OwnPreset own = made("Übung 1", spec);
                QVERIFY2(own.misfit.empty(), own.misfit.c_str());
                const fs::path file = *m_home / presetFileName("Übung 1");
                QVERIFY(writePreset(file, own));
                const auto read = readPreset(file);
                QVERIFY2(read, read ? "" : read.error().message.c_str());
                QVERIFY2(read->misfit.empty(), read->misfit.c_str());
                QVERIFY(read->preset == own.preset);
                QCOMPARE(read->experiment, experiment->info().id);
                const RunSpec again = makeSpec(*experiment, read->preset);
                QVERIFY(again.parameters == spec.parameters);
                QCOMPARE(again.preset, spec.preset);
                QCOMPARE(again.seed, spec.seed);
                QCOMPARE(again.repeats, spec.repeats);
                QCOMPARE(again.ownPreset, std::string("Übung 1"));
                QVERIFY(isOf(again, *experiment, read->preset));
            }
        }
    }

    /// Another version's standards do not change it: every parameter that counts is written, and no other.
    void whatCountsIsWrittenOut()
    {
        const auto experiment = *makeExperiment(functionFit);
        const RunSpec spec = someSpec();
        const Json json = presetJson(made("mine", spec));
        for (const Parameter *parameter : experiment->parameters()) {
            const std::string &key = parameter->info().key;
            QVERIFY2(json["parameters"].contains(key) == applies(parameter->info(), spec, *experiment),
                     key.c_str());
        }
        QCOMPARE(json["seed"].get<int>(), 7);
        QVERIFY(!json.contains("repeats")); // as standard: whoever uses it may choose
        QVERIFY(!json.contains("data"));    // functions have none
        QCOMPARE(json["parameters"]["momentum"].get<double>(), 0.5);
        QVERIFY(!presetJson(made("mine", makeSpec(*experiment, Preset::Report)))["parameters"].contains(
            "momentum"));
    }

    /// By its path; a machine that has no such folder says so, and nobody trains on other images unknowingly.
    void aFolderOfDataIsKept()
    {
        const auto experiment = *makeExperiment("cnn-mnist");
        RunSpec spec = makeSpec(*experiment, Preset::Quick);
        QCOMPARE(toText(*made("mine", spec).preset.find("data")), std::string("mnist"));
        spec.data = (*m_home / "set").string();
        fs::create_directories(spec.data);
        const ImageSet images{4, 28, 28, std::vector<std::uint8_t>(4 * 28 * 28, 7), {0, 1, 2, 9}};
        for (const char *part : {"train", "t10k"})
            writeImages(spec.data, part, images, images.count);
        const OwnPreset own = made("mine", spec);
        QVERIFY2(own.misfit.empty(), own.misfit.c_str());
        QCOMPARE(toText(*own.preset.find("data")), spec.data);
        const fs::path file = *m_home / presetFileName("mine");
        QVERIFY(exportPreset(file, own));
        const auto here = readPreset(file);
        QVERIFY(here && here->misfit.empty());
        QCOMPARE(makeSpec(*experiment, here->preset).data, spec.data);
        fs::rename(*m_home / "set", *m_home / "elsewhere");
        const auto there = readPreset(file);
        QVERIFY(there);
        QVERIFY2(there->misfit.find("This machine has no folder “" + spec.data) != std::string::npos,
                 there->misfit.c_str());
    }

    /// What it sets of another optimizer than the one now chosen goes back with it.
    void whatNoLongerCountsIsTakenBack()
    {
        const auto experiment = *makeExperiment(functionFit);
        const OwnPreset own = made("mine");
        RunSpec spec = makeSpec(*experiment, own.preset);
        *spec.find("optimizer") = std::string("adam");
        QVERIFY(!applyParameters(spec, *experiment));
        dropUnused(spec, *experiment, own.preset);
        QVERIFY(applyParameters(spec, *experiment));
        QVERIFY(!isOf(spec, *experiment, own.preset));
    }

    void onlyARunWithAllItsSettingsIsOfIt()
    {
        const auto experiment = *makeExperiment(functionFit);
        const OwnPreset own = made("mine");
        RunSpec spec = makeSpec(*experiment, own.preset);
        spec.repeats = 9; // of which it says nothing
        spec.threads = 2;
        QVERIFY(isOf(spec, *experiment, own.preset));
        spec.seed = 8;
        QVERIFY(!isOf(spec, *experiment, own.preset));
        spec.seed = 7;
        *spec.find("epochs") = std::int64_t{124};
        QVERIFY(!isOf(spec, *experiment, own.preset));
    }

    void aNameThatCannotBeIsToldInWords_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("words");
        QTest::newRow("empty") << ""
                               << "needs a name";
        QTest::newRow("long") << QString(101, QLatin1Char('x')) << "too long";
        QTest::newRow("spaces") << " mine"
                                << "no spaces around it";
        QTest::newRow("a line break") << "mi\nne"
                                      << "no control characters";
        QTest::newRow("turned around") << QString::fromUtf8("a\u202Eb") << "no control characters";
        for (const char *its : {"report", "Quick", "SLIDES"})
            QTest::newRow(its) << its << "LossLab's own preset";
    }
    void aNameThatCannotBeIsToldInWords()
    {
        QFETCH(QString, name);
        QFETCH(QString, words);
        const auto own = makePreset(name.toStdString(), someSpec());
        QVERIFY(!own);
        QCOMPARE(own.error().kind, ErrorKind::Usage);
        QVERIFY2(has(own.error().message, words.toStdString()), own.error().message.c_str());
    }

    void settingsThatNoRunBeginsWithAreNotSaved()
    {
        RunSpec spec = someSpec();
        *spec.find("epochs") = std::int64_t{0};
        QVERIFY(has(made("mine", spec).misfit, "epochs"));
        spec = someSpec();
        spec.seed = 18446744073709551615u;
        QVERIFY(has(made("mine", spec).misfit, "seed"));
    }

    void everyNameHasAFileOfItsOwn()
    {
        const std::string lengthy(96, 'x');
        const std::vector<std::string> names{
            "Übung 1",  "übung 1", "mine",        "Mine",        "a/b",  "a\\b",
            "../../up", "con",     "NUL.txt",     ".hidden",     "..",   "a: \"b\" <c>|?*",
            "日本語",   "ends.",   lengthy + "1", lengthy + "2", "com1", "a-b"};
        std::set<std::string> files;
        for (const std::string &name : names) {
            const OwnPreset own = made(name);
            QVERIFY2(own.misfit.empty(), own.misfit.c_str());
            const auto kept = savePreset(own);
            QVERIFY2(kept, kept ? "" : kept.error().message.c_str());
            QCOMPARE(kept->file.parent_path(), platform::presetsFolder() / functionFit);
            const std::string file =
                QString::fromStdString(kept->file.filename().string()).toLower().toStdString();
            QVERIFY2(files.insert(file).second, file.c_str()); // on any file system
            QVERIFY2(file.size() < 120, file.c_str());
        }
        std::set<std::string> listed;
        const OwnPresets own = ownPresets(functionFit);
        for (const OwnPreset &preset : own.presets)
            listed.insert(preset.preset.name);
        QVERIFY(own.unreadable.empty());
        QVERIFY(listed == std::set<std::string>(names.begin(), names.end()));
    }

    void filesAreNamedSafely_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("file");
        QTest::newRow("plain") << "Homework 1"
                               << "Homework 1";
        QTest::newRow("umlauts") << "Übung"
                                 << "Übung";
        QTest::newRow("slashes") << "a/b\\c"
                                 << "a-b-c";
        QTest::newRow("upwards") << "../x"
                                 << "-x";
        QTest::newRow("dots") << ".."
                              << "_";
        QTest::newRow("nothing") << ""
                                 << "_";
        QTest::newRow("device") << "con"
                                << "con_";
        QTest::newRow("device with a suffix") << "Lpt1.a"
                                              << "Lpt1.a_";
        QTest::newRow("no device") << "lptx"
                                   << "lptx";
        QTest::newRow("signs") << "a:b*c?\"d\"<e>|"
                               << "a-b-c--d--e--";
        QTest::newRow("ends") << "a. ."
                              << "a";
        QTest::newRow("long") << QString(200, QChar(0xFC)) << QString(30, QChar(0xFC)); // two bytes each
    }
    void filesAreNamedSafely()
    {
        QFETCH(QString, name);
        QFETCH(QString, file);
        QCOMPARE(QString::fromStdString(fileNameFor(name.toStdString())), file);
        QVERIFY(isFileName(fileNameFor(name.toStdString())));
    }

    void presetsAreListedByName()
    {
        for (const char *name : {"b", "A", "a", "C", "B"})
            QVERIFY(savePreset(made(name)));
        std::string names;
        for (const OwnPreset &own : ownPresets(functionFit).presets)
            names += own.preset.name;
        QCOMPARE(names, std::string("AaBbC"));
        QVERIFY(ownPresets("capacity").presets.empty());
    }

    void savingReplacesAndDeletingDeletes()
    {
        RunSpec spec = someSpec();
        QVERIFY(savePreset(made("mine", spec)));
        spec.seed = 8;
        QVERIFY(savePreset(made("mine", spec)));
        QCOMPARE(ownPresets(functionFit).presets.size(), std::size_t(1));
        QCOMPARE(toText(*findOwnPreset(functionFit, "mine")->preset.find("seed")), std::string("8"));
        const auto typo = removePreset(functionFit, "mime");
        QVERIFY(!typo && has(typo.error().message, "Did you mean mine?"));
        const auto removed = removePreset(functionFit, "mine");
        QVERIFY(removed && ownPresets(functionFit).presets.empty());
        QVERIFY(savePreset(*removed)); // as undo does
        QVERIFY(findOwnPreset(functionFit, "mine")->preset == removed->preset);
    }

    /// A copy made by hand is no second preset, and does not outlive the one it is a copy of.
    void aCopyOfAFileIsTheSamePreset()
    {
        const auto kept = savePreset(made("mine"));
        fs::copy(kept->file, kept->file.parent_path() / "a copy.losslab-preset");
        QCOMPARE(ownPresets(functionFit).presets.size(), std::size_t(1));
        QVERIFY(removePreset(functionFit, "mine"));
        QVERIFY(ownPresets(functionFit).presets.empty());
    }

    void whatComesFromElsewhereReplacesNothing()
    {
        QVERIFY(savePreset(made("mine")));
        QCOMPARE(addPreset(made("mine"))->preset.name, std::string("mine")); // the same one
        RunSpec spec = someSpec();
        spec.seed = 8;
        QCOMPARE(addPreset(made("mine", spec))->preset.name, std::string("mine (2)"));
        QCOMPARE(addPreset(made("mine", spec))->preset.name, std::string("mine (2)")); // opened twice
        spec.seed = 9;
        QCOMPARE(addPreset(made("mine", spec))->preset.name, std::string("mine (3)"));
        QCOMPARE(ownPresets(functionFit).presets.size(), std::size_t(3));
        const std::string lengthy(100, 'x');
        QVERIFY(addPreset(made(lengthy)));
        const auto refused = addPreset(made(lengthy, spec));
        QVERIFY(!refused && has(refused.error().message, "too long"));
    }

    void aFileIsWholeOrAsItWas()
    {
        const auto kept = savePreset(made("mine"));
        const std::string before = read(kept->file);
        {
            const auto restore = qScopeGuard([] { platform::limitRoom({}); });
            platform::limitRoom([](std::size_t) { return std::size_t(10); });
            int calls = 0;
            platform::limitRoom([&calls](std::size_t wanted) {
                return calls++ == 0 ? std::min<std::size_t>(wanted, 10) : 0;
            });
            const auto full =
                savePreset(made("mine", makeSpec(**makeExperiment(functionFit), Preset::Report)));
            QVERIFY(!full && has(full.error().message, "no more room"));
        }
        QCOMPARE(read(kept->file), before);
        QCOMPARE(std::distance(fs::directory_iterator(kept->file.parent_path()), {}), 1);
    }

    void aDamagedFileIsToldInWords_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<QString>("words");
        const QByteArray whole = QByteArray::fromStdString(presetJson(made("mine")).dump());
        const auto row = [&](const char *name, const QByteArray &before, const QByteArray &after,
                             const char *words) {
            QVERIFY2(whole.contains(before), name);
            QTest::newRow(name) << QByteArray(whole).replace(before, after) << QString::fromUtf8(words);
        };
        QTest::newRow("empty") << QByteArray() << "not a JSON object";
        QTest::newRow("cut") << whole.left(40) << "not a JSON object";
        QTest::newRow("a list") << QByteArray("[1]") << "not a JSON object";
        QTest::newRow("deep") << QByteArray(100, '[') << "nested";
        QTest::newRow("bytes") << QByteArray("\xff\xfe\x00", 3) << "not a JSON object";
        QTest::newRow("large") << whole + QByteArray(2 << 20, ' ') << "bytes";
        row("newer", "\"format\":1", "\"format\":2,\"colour\":\"red\"",
            "newer LossLab (format 2, this one reads 1)");
        row("no format", "\"format\":1", "\"format\":0", "“format” cannot be 0");
        row("format as text", "\"format\":1", "\"format\":\"1\"", "“format” cannot be \"1\"");
        row("unknown field", "\"format\":1", "\"format\":1,\"sed\":1", "not “sed”. Did you mean seed?");
        row("no name", "\"name\"", "\"seed\"", "“name” is missing");
        row("no text as name", "\"mine\"", "[\"mine\"]", "“name” cannot be [\"mine\"]");
        row("a name of its own", "\"mine\"", "\"report\"", "“name” cannot be “report”");
        row("a name that steers", "\"mine\"", "\"mi\\u001bne\"", "“name” cannot be “mi\\u001bne”");
        row("unknown base", "\"preset\":\"report\"", "\"preset\":\"slow\"", "“preset” cannot be “slow”");
        row("parameters as a list", "\"parameters\":{", "\"parameters\":[],\"x\":{", "x");
        row("a nested value", "\"epochs\":123", "\"epochs\":{}", "“epochs” in “parameters” cannot be {}");
        row("half a seed", "\"seed\":7", "\"seed\":7.5", "“seed” cannot be 7.5");
        row("a seed among them", "\"epochs\":123", "\"epochs\":123,\"seed\":1",
            "“seed” stands among the parameters.");
        row("an endless key", "\"format\":1", "\"format\":1,\"" + QByteArray(60000, 'x') + "\":1", "…");
        row("no seed", "\"seed\":7", "\"seed\":null", "“seed” cannot be null");
    }
    void aDamagedFileIsToldInWords()
    {
        QFETCH(QByteArray, content);
        QFETCH(QString, words);
        const fs::path folder = platform::presetsFolder() / functionFit;
        QVERIFY(platform::makeFolder(folder));
        write(folder / "x.losslab-preset", content.toStdString());
        const auto own = readPreset(folder / "x.losslab-preset");
        QVERIFY(!own);
        QCOMPARE(own.error().kind, ErrorKind::Data);
        QVERIFY2(has(own.error().message, words.toStdString()), own.error().message.c_str());
        QVERIFY2(has(own.error().message, "x.losslab-preset"), own.error().message.c_str());
        QVERIFY(own.error().message.size() < 1000);

        QVERIFY(savePreset(made("well")));
        const OwnPresets all = ownPresets(functionFit); // which is not all that is there
        QCOMPARE(all.presets.size(), std::size_t(1));
        QCOMPARE(all.unreadable.size(), std::size_t(1));
    }

    /// Made by another version of LossLab, or by hand.
    void whatDoesNotFitIsListedAndToldInWords_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("words");
        const auto row = [](const char *name, const char *before, const QByteArray &after,
                            const char *words) {
            QTest::newRow(name) << QByteArray(before) << after << QString::fromUtf8(words);
        };
        row("a parameter that is gone", "\"epochs\":123", "\"epoks\":123",
            "no parameter “epoks”; did you mean epochs?");
        row("out of range", "\"epochs\":123", "\"epochs\":0", "epochs (“At most”)");
        row("text for a number", "\"epochs\":123", "\"epochs\":\"many\"", "“many”");
        row("a long text", "\"epochs\":123", "\"epochs\":\"" + QByteArray(60000, 'x') + '"', "…");
        row("what does not count", "\"optimizer\":\"sgd\"", "\"optimizer\":\"adam\"", "momentum");
        row("a seed too large", "\"seed\":7", "\"seed\":99999999999", "seed");
        row("no repeats", "\"seed\":7", "\"repeats\":0", "repeats");
        row("data for a function", "\"seed\":7", "\"data\":\"mnist\"", "takes no data set");
    }
    void whatDoesNotFitIsListedAndToldInWords()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, words);
        QByteArray content = QByteArray::fromStdString(presetJson(made("old one")).dump());
        QVERIFY(content.contains(before));
        const fs::path folder = platform::presetsFolder() / functionFit;
        QVERIFY(platform::makeFolder(folder));
        write(folder / "old.losslab-preset", content.replace(before, after).toStdString());
        const auto experiment = *makeExperiment(functionFit);
        const auto found = findPreset(*experiment, "old one");
        QVERIFY(!found);
        QCOMPARE(found.error().kind, ErrorKind::Data);
        QVERIFY2(has(found.error().message, words.toStdString()), found.error().message.c_str());
        QVERIFY(found.error().message.size() < 1000);
        QVERIFY(!addPreset(*readPreset(folder / "old.losslab-preset")));
        const auto removed = removePreset(functionFit, "old one");
        QVERIFY(removed && ownPresets(functionFit).presets.empty());
        QVERIFY(savePreset(*removed)); // undone, it says the same as before
        QCOMPARE(findPreset(*experiment, "old one").error().message, found.error().message);
    }

    void aPresetOfImagesNamesAKnownDataSet()
    {
        const auto experiment = *makeExperiment("cnn-mnist");
        const std::string content = presetJson(made("mine", makeSpec(*experiment, Preset::Quick))).dump();
        for (const std::string data : {"minst", "/etc", "../mnist", "", "."}) {
            const fs::path file = *m_home / "x.losslab-preset";
            QByteArray changed = QByteArray::fromStdString(content);
            changed.replace("\"data\":\"mnist\"", QByteArray::fromStdString("\"data\":\"" + data + '"'));
            write(file, changed.toStdString());
            const auto own = readPreset(file);
            QVERIFY2(own && !own->misfit.empty(), data.c_str());
        }
    }

    /// What a later version adds has that version's standard; what it no longer offers as a base is no harm.
    void anOlderPresetStillMeansItsRun()
    {
        const auto experiment = *makeExperiment(functionFit);
        Json json = presetJson(made("mine", someSpec(Preset::Slides)));
        json["parameters"].erase("points");
        const fs::path file = *m_home / "x.losslab-preset";
        write(file, json.dump());
        const auto own = readPreset(file);
        QVERIFY2(own && own->misfit.empty(), own ? own->misfit.c_str() : own.error().message.c_str());
        const RunSpec spec = makeSpec(*experiment, own->preset);
        QVERIFY(*spec.find("points") == experiment->findParameter("points")->info().slides);
        QVERIFY(*spec.find("epochs") == Value(std::int64_t{123}));
    }

    void aPresetIsFoundByNameOrFile()
    {
        const auto experiment = *makeExperiment(functionFit);
        QCOMPARE(findPreset(*experiment, "report")->base, Preset::Report);
        QVERIFY(savePreset(made("a/b")));
        QCOMPARE(findPreset(*experiment, "a/b")->name, std::string("a/b"));
        const fs::path file = *m_home / "from the teacher.losslab-preset";
        QVERIFY(writePreset(file, made("Homework")));
        QCOMPARE(findPreset(*experiment, file.string())->name, std::string("Homework"));
        const auto typo = findPreset(*experiment, "reprot");
        QVERIFY(!typo && typo.error().kind == ErrorKind::Usage
                && has(typo.error().message, "Did you mean report?"));
        const auto other = findPreset(**makeExperiment("capacity"), file.string());
        QVERIFY(!other && other.error().kind == ErrorKind::Usage);
        QVERIFY2(has(other.error().message, "a preset of function-fit, not of capacity"),
                 other.error().message.c_str());
        const auto gone = findPreset(*experiment, "gone.losslab-preset");
        QVERIFY(!gone && gone.error().kind == ErrorKind::Data);
    }
};

QTEST_GUILESS_MAIN(TestPresets)
#include "test_presets.moc"
