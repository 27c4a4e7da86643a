#include "data/catalogue.h"
#include "data/datafiles.h"
#include "data/dataset.h"
#include "experiments/registry.h"
#include "tests/idxfiles.h"
#include "ui/dataseteditor.h"
#include "ui/networktable.h"
#include "ui/parameterform.h"
#include "ui/samplestrip.h"
#include "ui/text.h"

#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSemaphore>
#include <QSettings>
#include <QSignalSpy>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>
#include <QThreadPool>
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

    /// A folder under the user's data sets with a small one: 20 images of as many classes as asked for.
    QString makeSet(const QString &name, int classes = 10, int side = 28)
    {
        const QString folder = m_home.filePath("datasets/" + name);
        QDir().mkpath(folder);
        ImageSet set{20, side, side, {}, {}};
        set.pixels.assign(static_cast<std::size_t>(20 * side * side), 0x80);
        for (int i = 0; i < 20; ++i)
            set.labels.push_back(static_cast<std::uint8_t>(i * (classes - 1) / 19));
        for (const char *stem : {"train", "t10k"})
            test::writeImages(folder.toStdString(), stem, set, 20);
        return folder;
    }

private Q_SLOTS:
    void init()
    {
        qputenv("LOSSLAB_HOME", m_home.path().toUtf8());
        m_experiment = std::move(*makeExperiment("cnn-mnist"));
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

        QDir(folder).remove(QStringLiteral("train-labels-idx1-ubyte"));
        m_form->refresh();
        QVERIFY2(m_message->text().contains("my own has no train-labels-idx1-ubyte"),
                 qPrintable(m_message->text()));
        QVERIFY(m_form->problem().contains(m_message->text()));
    }

    /// Sizes of networks, checks and all that is said of them follow the data set as it is chosen.
    void networksAreCountedForTheSetChosen()
    {
        const auto experiment = std::move(*makeExperiment("random-labels"));
        ParameterForm form(*experiment);
        form.show();
        const auto *message = form.findChild<QLabel *>(QStringLiteral("hidden-message"));
        auto *hidden = form.findChild<QLineEdit *>(QStringLiteral("hidden"));
        auto *box = form.findChild<QComboBox *>(QStringLiteral("data"));
        hidden->setText(QStringLiteral("500"));
        QCOMPARE(message->text(), QStringLiteral("397,510 parameters"));
        box->setCurrentIndex(box->findData(QStringLiteral("emnist-letters")));
        QCOMPARE(message->text(), QStringLiteral("405,526 parameters"));
        box->setCurrentIndex(box->findData(QStringLiteral("cifar-10")));
        QCOMPARE(message->text(), QStringLiteral("1,541,510 parameters"));

        RunSpec spec = form.spec();
        spec.data = makeSet(QStringLiteral("few"), 4, 6).toStdString();
        form.setSpec(spec);
        QCOMPARE(message->text(), QStringLiteral("20,504 parameters")); // 36 · 500 + 500 + 500 · 4 + 4
        hidden->setText(QStringLiteral("conv 5 7"));
        QVERIFY2(message->text().contains(QStringLiteral("leaves nothing")), qPrintable(message->text()));
        form.history().undo(); // the set as well
        hidden->setText(QStringLiteral("conv 5 7"));
        QVERIFY(!message->text().contains(QStringLiteral("leaves nothing")));
    }

    void theTableOfNetworksIsCountedAnew()
    {
        const auto experiment = std::move(*makeExperiment("cnn-mnist"));
        ParameterForm form(*experiment);
        form.show();
        const auto *table = form.findChild<QTableWidget *>();
        QCOMPARE(table->item(0, NetworkTable::Parameters)->text(), QStringLiteral("24,330"));
        auto *box = form.findChild<QComboBox *>(QStringLiteral("data"));
        box->setCurrentIndex(box->findData(QStringLiteral("emnist-balanced")));
        QCOMPARE(table->item(0, NetworkTable::Parameters)->text(), QStringLiteral("27,327")); // 37 · 81 more
        QCOMPARE(form.changedCount(), 1);
        QVERIFY(form.problem().isEmpty());
    }

    /// What cannot be read is said at the field, before Run.
    void aDamagedSetIsToldAtTheField()
    {
        const QString folder = makeSet(QStringLiteral("damaged"));
        RunSpec spec = makeSpec(*m_experiment, Preset::Quick);
        spec.data = folder.toStdString();
        m_form->setSpec(spec);
        QVERIFY(m_form->problem().isEmpty());
        std::ofstream((folder + "/train-labels-idx1-ubyte").toStdString()) << "x";
        m_form->refresh();
        QVERIFY2(m_message->text().contains(QStringLiteral("train-labels-idx1-ubyte” is damaged")),
                 qPrintable(m_message->text()));
        makeSet(QStringLiteral("damaged"));
        m_form->refresh();
        QVERIFY(m_form->problem().isEmpty());
    }

    void sixteenImagesAreShownWithTheirClasses()
    {
        auto *samples = m_form->findChild<SampleStrip *>();
        QSignalSpy loaded(samples, &SampleStrip::loaded);
        const auto descriptionOf = [&](const QString &data) {
            loaded.clear();
            RunSpec spec = m_form->spec();
            spec.data = data.toStdString();
            m_form->setSpec(spec);
            m_form->refresh();
            return loaded.wait() ? samples->accessibleDescription() : QString();
        };
        QVERIFY(descriptionOf(QStringLiteral("mnist"))
                    .endsWith(
                        QStringLiteral("5, 0, 4, 1, 9, 2, 1, 3, 1, 4, 3, 5, 3, 6, 1, 7"))); // known of MNIST
        QVERIFY(samples->isVisibleTo(m_form.get()));
        const QImage picture = samples->grab().toImage();
        int white = 0;
        for (int x = 0; x < picture.width(); ++x)
            white += qGray(picture.pixel(x, 14)) > 200 ? 1 : 0;
        QVERIFY2(white > 8, "strokes of digits");

        QVERIFY(descriptionOf(makeSet(QStringLiteral("two"), 2)).contains(QStringLiteral("0, 0, 0")));
        QVERIFY(samples->isVisibleTo(m_form.get()));
        (void)descriptionOf(QStringLiteral("emnist-letters")); // not here
        QVERIFY(!samples->isVisibleTo(m_form.get()));
    }

    void imagesOfAnyShapeAreShownOrNone()
    {
        const QString folder = makeSet(QStringLiteral("wide"));
        const auto writeWide = [&](std::int64_t columns) {
            for (const char *stem : {"train", "t10k"}) {
                ImageSet set{1, 1, columns, {}, {3}};
                set.pixels.assign(8192, 0x80);
                const auto path =
                    std::filesystem::path(folder.toStdString()) / (std::string(stem) + "-images-idx3-ubyte");
                test::writeImages(folder.toStdString(), stem, {1, 1, 4096, set.pixels, {3}}, 1);
                std::fstream(path, std::ios::in | std::ios::out | std::ios::binary).seekp(12)
                    << test::bigEndian(columns);
                std::filesystem::resize_file(path, 16 + static_cast<std::uintmax_t>(columns));
            }
        };
        for (const std::int64_t columns : {std::int64_t{4096}, std::int64_t{600'000'000}}) {
            writeWide(columns);
            SampleStrip strip(nullptr);
            QSignalSpy loaded(&strip, &SampleStrip::loaded);
            strip.showDataset(folder);
            QVERIFY(loaded.wait());
            QCOMPARE(strip.isVisible(), columns == 4096);
            (void)strip.grab();
        }
    }

    /// The pool, which the program waits for when it ends, is not kept busy with what nobody looks at.
    void whatIsNoLongerAskedForIsNotRead()
    {
        QThreadPool &pool = *QThreadPool::globalInstance();
        const int threads = pool.maxThreadCount();
        pool.setMaxThreadCount(1);
        QSemaphore goOn;
        pool.start([&] { goOn.acquire(); });
        SampleStrip strip(nullptr);
        QSignalSpy loaded(&strip, &SampleStrip::loaded);
        for (int i = 0; i < 5; ++i)
            strip.showDataset(QStringLiteral("mnist"));
        std::make_unique<SampleStrip>(nullptr)->showDataset(QStringLiteral("mnist"));
        goOn.release();
        pool.waitForDone();
        pool.setMaxThreadCount(threads);
        QCoreApplication::processEvents();
        QCOMPARE(loaded.count(), 1);
        QVERIFY(strip.isVisible());
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
