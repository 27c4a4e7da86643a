#include "data/catalogue.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "ui/dataseteditor.h"
#include "ui/parameterform.h"
#include "ui/text.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace losslab;
using namespace losslab::ui;

/// The choice of a data set, in the form of an experiment that trains on images.
class TestDatasetField : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_home;
    std::unique_ptr<Experiment> m_experiment;
    std::unique_ptr<ParameterForm> m_form;
    QComboBox *m_box = nullptr;
    QLabel *m_message = nullptr;

    void choose(int index)
    {
        m_box->setCurrentIndex(index);
        Q_EMIT m_box->activated(index);
    }

    /// A folder under the user's data sets with the four files, by name alone.
    QString makeSet(const QString &name)
    {
        const QString folder = m_home.filePath("datasets/" + name);
        QDir().mkpath(folder);
        for (const std::string_view file : dataFileNames)
            std::ofstream(folder.toStdString() + "/" + std::string(file) + ".gz") << "x";
        return folder;
    }

private Q_SLOTS:
    void init()
    {
        qputenv("LOSSLAB_HOME", m_home.path().toUtf8());
        for (const ExperimentFactory make : registry())
            if (auto experiment = make(); experiment->info().needsImages)
                m_experiment = std::move(experiment);
        m_form = std::make_unique<ParameterForm>(*m_experiment);
        m_form->show();
        m_box = m_form->findChild<QComboBox *>(QStringLiteral("data"));
        m_message = m_form->findChild<QLabel *>(QStringLiteral("data-message"));
        QVERIFY(m_box && m_message);
    }
    void cleanup() { m_form.reset(); }

    void theCatalogueIsOffered()
    {
        const auto catalogue = readCatalogue();
        QVERIFY(catalogue);
        QCOMPARE(m_box->count(), static_cast<int>(catalogue->size()) + 1);
        for (const CatalogueEntry &entry : *catalogue) {
            const int index = m_box->findData(fromText(entry.id));
            QCOMPARE(m_box->itemText(index), fromText(entry.title));
            QVERIFY(m_box->itemData(index, Qt::ToolTipRole).toString().contains(fromText(entry.licence)));
        }
        QCOMPARE(m_form->spec().data, std::string("mnist"));
        QVERIFY(!m_message->isVisibleTo(m_form.get()));

        choose(m_box->findData(QStringLiteral("kmnist")));
        QCOMPARE(m_form->spec().data, std::string("kmnist"));
        QCOMPARE(m_form->changedCount(), 1);
        m_form->setPreset(Preset::Quick);
        QCOMPARE(m_form->spec().data, std::string("kmnist"));
        m_form->findChild<QPushButton *>(QStringLiteral("resetAll"))->click();
        QCOMPARE(m_form->spec().data, std::string("mnist"));
        QCOMPARE(m_form->changedCount(), 0);
    }

    void whatIsNotHereYetIsToldWithItsSize()
    {
        choose(m_box->findData(QStringLiteral("kmnist")));
        QVERIFY(m_message->isVisibleTo(m_form.get()));
        QVERIFY2(m_message->text().contains("21 MB"), qPrintable(m_message->text()));
        QVERIFY(m_form->problem().isEmpty());

        makeSet(QStringLiteral("kmnist"));
        m_form->refresh();
        QVERIFY(!m_message->isVisibleTo(m_form.get()));
    }

    void aCatalogueThatCannotBeReadIsTold()
    {
        const QString file = m_home.filePath(QStringLiteral("datasets/catalogue.json"));
        QDir().mkpath(m_home.filePath(QStringLiteral("datasets")));
        std::ofstream(file.toStdString()) << "{";
        ParameterForm form(*m_experiment);
        form.show();
        const auto *message = form.findChild<QLabel *>(QStringLiteral("data-message"));
        QVERIFY(message->isVisibleTo(&form));
        QVERIFY2(message->text().contains(QStringLiteral("catalogue.json")), qPrintable(message->text()));
        QFile::remove(file);
    }

    void aFolderOfOnesOwnIsChosen()
    {
        const QString folder = makeSet(QStringLiteral("my own"));
        choose(m_box->count() - 1);
        QCOMPARE(m_form->spec().data, std::string("mnist"));
        auto *dialog = m_box->findChild<QFileDialog *>();
        QVERIFY(dialog);
        Q_EMIT dialog->fileSelected(folder);
        dialog->close();
        QCOMPARE(m_form->spec().data, folder.toStdString());
        QCOMPARE(m_box->currentText(), QStringLiteral("my own"));
        QVERIFY(m_form->problem().isEmpty());

        QDir(folder).remove(QStringLiteral("train-labels-idx1-ubyte.gz"));
        m_form->refresh();
        QVERIFY2(m_message->text().contains("my own has no train-labels-idx1-ubyte"),
                 qPrintable(m_message->text()));
        QVERIFY(m_form->problem().contains(m_message->text()));
    }

    void aChoiceOfAFolderIsUndone()
    {
        const QString folder = makeSet(QStringLiteral("undone"));
        const auto answer = [&](const QString &chosen) {
            choose(m_box->count() - 1);
            auto *dialog = m_box->findChild<QFileDialog *>();
            if (!chosen.isEmpty())
                Q_EMIT dialog->fileSelected(chosen);
            delete dialog;
        };
        choose(m_box->findData(QStringLiteral("kmnist")));
        answer({}); // cancelled
        auto *seed = m_form->findChild<QLineEdit *>(QStringLiteral("seed"));
        seed->setText(QStringLiteral("7"));
        Q_EMIT seed->editingFinished();
        m_form->history().undo();
        QCOMPARE(m_form->spec().data, std::string("kmnist"));
        QCOMPARE(m_form->spec().seed, std::uint64_t{1});
        answer(folder);
        QCOMPARE(m_form->spec().data, folder.toStdString());
        m_form->history().undo();
        QCOMPARE(m_form->spec().data, std::string("kmnist"));
        m_form->history().undo();
        QCOMPARE(m_form->spec().data, std::string("mnist"));
        QVERIFY(!m_form->history().canUndo());
    }

    void aFolderComesBackFromSettingsAndFromARun()
    {
        const QString folder = makeSet(QStringLiteral("another"));
        RunSpec spec = makeSpec(*m_experiment, Preset::Quick);
        spec.data = folder.toStdString();
        m_form->setSpec(spec);
        QCOMPARE(m_form->spec().data, spec.data);
        QSettings settings(m_home.filePath(QStringLiteral("settings.ini")), QSettings::IniFormat);
        m_form->save(settings);
        ParameterForm later(*m_experiment);
        later.restore(settings);
        QCOMPARE(later.spec().data, spec.data);

        spec.data = "of another catalogue";
        m_form->setSpec(spec);
        QCOMPARE(m_form->spec().data, spec.data);
    }
};

QTEST_MAIN(TestDatasetField)
#include "test_datasetfield.moc"
