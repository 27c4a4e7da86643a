#include "programtest.h"

#include "data/dataset.h"
#include "experiments/registry.h"
#include "tests/idxfiles.h"
#include "tests/shortsettings.h"

#include <QDirIterator>
#include <QTest>

namespace losslab::test {

namespace fs = std::filesystem;

QByteArray bytesOf(const fs::path &file)
{
    QFile in(QString::fromStdString(file.string()));
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

nlohmann::json jsonOf(const fs::path &file)
{
    return nlohmann::json::parse(bytesOf(file).toStdString());
}

std::map<QString, QByteArray> filesOf(const fs::path &folder, const QStringList &patterns)
{
    std::map<QString, QByteArray> files;
    const QString root = QString::fromStdString(folder.string());
    QDirIterator entries(root, patterns, QDir::Files, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString file = entries.next();
        files[file.mid(root.size())] = bytesOf(file.toStdString());
    }
    return files;
}

std::vector<std::pair<std::string, Value>> tinySettings(const Experiment &experiment)
{
    return shortSettings(experiment, 3);
}

ProgramTest::ProgramTest()
{
    m_environment.insert("LOSSLAB_HOME", text("home"));
    m_environment.remove("QT_QPA_PLATFORM");
    const auto mnist = loadDataset("mnist");
    if (!mnist)
        qFatal("%s", mnist.error().message.c_str());
    fs::create_directory(path("few-images"));
    writeImages(path("few-images"), "train", (*mnist)->train, 1200);
    writeImages(path("few-images"), "t10k", (*mnist)->test, 300);
}

fs::path ProgramTest::path(const std::string &name) const
{
    return fs::path(m_folder.path().toStdString()) / name;
}

QString ProgramTest::text(const std::string &name) const
{
    return QString::fromStdString(path(name).string());
}

Ended ProgramTest::losslab(const QStringList &arguments) const
{
    QProcess process;
    process.setProcessEnvironment(m_environment);
    process.start(m_program, arguments);
    process.waitForFinished(patience);
    const int code = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    return {code, QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

Ended ProgramTest::runTiny(const std::string &id, const std::string &name, const QStringList &more) const
{
    const auto experiment = std::move(*makeExperiment(id));
    QStringList arguments{"run",     QString::fromStdString(id), "--data", text("few-images"), "--out",
                          text(name)};
    if (experiment->offers(Preset::Quick))
        arguments += {"--preset", "quick"};
    if (!more.contains("--repeats"))
        arguments += {"--repeats", "1"};
    for (const auto &[key, value] : tinySettings(*experiment))
        arguments += {"--set", QString::fromStdString(key + "=" + toText(value))};
    return losslab(arguments + more);
}

bool ProgramTest::startLong(QProcess &process, const std::string &name, const QStringList &more) const
{
    process.setProcessEnvironment(m_environment);
    process.start(m_program, QStringList{"run", "function-fit", "--set", "function=square", "--set",
                                         "epochs=1000000", "--out", text(name)}
                                 + more);
    const fs::path journal = path(name) / "metrics.jsonl";
    const auto hasPoints = [&] { return fs::exists(journal) && fs::file_size(journal) > 0; };
    return QTest::qWaitFor([&] { return hasPoints() || process.state() == QProcess::NotRunning; }, patience)
           && hasPoints();
}

} // namespace losslab::test
