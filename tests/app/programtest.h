#pragma once

#include "lab/experiment.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

namespace losslab::test {

constexpr int patience = 120000; ///< milliseconds

/// How a call of the program ended, and what it said.
struct Ended
{
    int code = -1; ///< -1: ended by a signal
    QString out;
    QString error;
};

QByteArray bytesOf(const std::filesystem::path &file);
nlohmann::json jsonOf(const std::filesystem::path &file);
/// The files beneath a folder whose name is like one of the patterns, by their path in it.
std::map<QString, QByteArray> filesOf(const std::filesystem::path &folder, const QStringList &patterns);

/// Settings for few epochs: what a run leaves does not depend on how long it was.
std::vector<std::pair<std::string, Value>> tinySettings(const Experiment &experiment);

/// Calls the program as a script does, in a temporary folder of its own.
class ProgramTest : public QObject
{
protected:
    /// Makes few-images, the first images of MNIST as a data set of their own.
    ProgramTest();

    std::filesystem::path path(const std::string &name) const;
    QString text(const std::string &name) const;

    Ended losslab(const QStringList &arguments) const;
    /// Runs an experiment's tiny settings into a folder of this name.
    Ended runTiny(const std::string &id, const std::string &name, const QStringList &more = {}) const;

    /// Starts a run far too long to end by itself into a folder of this name, and waits for its first points.
    /// False where none come.
    bool startLong(QProcess &process, const std::string &name, const QStringList &more = {}) const;

    QString m_program = QStringLiteral(LOSSLAB_PROGRAM);
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();

private:
    QTemporaryDir m_folder;
};

} // namespace losslab::test
