#include "programtest.h"

#include "data/dataset.h"
#include "runs/presetfile.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace losslab;
using namespace losslab::test;
namespace fs = std::filesystem;

/// What `cmake --install` lays out, in a folder whose name has a space.
class TestInstall final : public ProgramTest
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_environment.remove("LOSSLAB_DATA");
        m_environment.remove("LD_LIBRARY_PATH");
        QProcess install;
        install.start(LOSSLAB_CMAKE, {"--install", LOSSLAB_BUILD_FOLDER, "--prefix", text("Loss Lab")});
        QVERIFY(install.waitForFinished(patience));
        QVERIFY2(install.exitCode() == 0, install.readAllStandardError());
        m_program = text("Loss Lab/bin/losslab");
    }

    void everythingIsInItsPlace()
    {
        for (const char *file :
             {"share/applications/org.losslab.LossLab.desktop", "share/doc/losslab/LICENSE",
              "share/icons/hicolor/scalable/apps/losslab.svg", "share/losslab/datasets/mnist/SHA256SUMS",
              "share/metainfo/org.losslab.LossLab.metainfo.xml",
              "share/mime/packages/org.losslab.LossLab.xml"})
            QVERIFY2(fs::exists(path("Loss Lab") / file), file);
    }

    /// So that a preset that was handed on opens with a double click.
    void presetsHaveATypeThatTheProgramOpens()
    {
        const auto lines = [&](const char *file) {
            QFile opened(text("Loss Lab/share") + QLatin1String(file));
            return opened.open(QIODevice::ReadOnly) ? QString::fromUtf8(opened.readAll()) : QString();
        };
        const QString types = lines("/mime/packages/org.losslab.LossLab.xml");
        QVERIFY(
            types.contains(QStringLiteral("<glob pattern=\"*%1\"/>").arg(QString::fromUtf8(presetSuffix))));
        const QRegularExpressionMatch type =
            QRegularExpression(QStringLiteral("mime-type type=\"([^\"]+)\"")).match(types);
        QVERIFY(type.hasMatch());
        const QString entry = lines("/applications/org.losslab.LossLab.desktop");
        QVERIFY(entry.contains(QStringLiteral("\nMimeType=%1;\n").arg(type.captured(1))));
        QVERIFY(entry.contains(QStringLiteral("\nExec=losslab %f\n")));
    }

    void doctorFindsTheInstalledData()
    {
        const Ended list = losslab({"list"});
        QVERIFY2(list.code == 0, qPrintable(list.error));
        const Ended doctor = losslab({"doctor"});
        QVERIFY2(doctor.code == 0, qPrintable(doctor.out + doctor.error));
        const QString words = text("Loss Lab/share/losslab/datasets/mnist") + ", checksums match";
        QVERIFY2(doctor.out.contains(words), qPrintable(doctor.out));
    }

    /// With other images in the installed folder, only these can have been learned from.
    void aRunTakesTheInstalledData()
    {
        const fs::path installed = path("Loss Lab/share/losslab/datasets/mnist");
        fs::remove_all(installed);
        fs::copy(path("few-images"), installed);
        const Ended doctor = losslab({"doctor"});
        QVERIFY2(doctor.out.contains("no checksums to compare with"), qPrintable(doctor.out));
        const Ended run = losslab({"run", "cnn-mnist", "--preset", "quick", "--set", "epochs=1", "--charts",
                                   "csv", "--out", text("run")});
        QVERIFY2(run.code == 0, qPrintable(run.error));
        const auto few = loadDataset(installed.string());
        QVERIFY(few);
        QCOMPARE(jsonOf(path("run") / "run.json")["dataChecksum"].get<std::string>(), (*few)->checksum);
    }
};

QTEST_GUILESS_MAIN(TestInstall)
#include "test_install.moc"
