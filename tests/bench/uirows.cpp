#include "tests/bench/uirows.h"

#include "lab/rundata.h"
#include "ui/charts/chartcanvas.h"
#include "ui/charts/chartexport.h"
#include "ui/charts/chartwidget.h"
#include "ui/experimentpanel.h"
#include "ui/mainwindow.h"

#include <QApplication>
#include <QChart>
#include <QChartView>
#include <QLineSeries>
#include <QProcess>
#include <QTemporaryDir>
#include <chrono>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <random>
#include <unistd.h>

namespace losslab::bench {

namespace {

using Clock = std::chrono::steady_clock;

constexpr QSize plotSize(1000, 420);
constexpr int million = 1'000'000;
constexpr int stockPoints = 2000;
constexpr int arriving = 100; ///< points a series between two redraws

double millisecondsOf(const std::function<void()> &work)
{
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Tells when a widget has been painted, as the window system asks for it.
class PaintWatch : public QObject
{
public:
    explicit PaintWatch(QWidget *widget) { widget->installEventFilter(this); }

    void wait()
    {
        for (m_painted = false; !m_painted;)
            QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

private:
    bool eventFilter(QObject *, QEvent *event) override
    {
        m_painted = m_painted || event->type() == QEvent::Paint;
        return false;
    }

    bool m_painted = false;
};

/// A loss as it is seen batch by batch: it falls, and is noisy.
class NoisyLoss
{
public:
    double at(int step) { return 2.3 * std::exp(-step / 3e5) + 0.1 + m_noise(m_random); }

private:
    std::mt19937 m_random{1};
    std::uniform_real_distribution<double> m_noise{0, 0.2};
};

std::string nameOf(int series)
{
    return fmt::format("series {}", series + 1);
}

ChartInfo lossInfo(int seriesCount)
{
    ChartInfo info;
    info.id = "loss";
    info.title = "Loss";
    info.x = epochAxis();
    info.y = Axis{"Cross entropy"};
    for (int i = 0; i < seriesCount; ++i)
        info.series.push_back({nameOf(i), nameOf(i)});
    return info;
}

/// What a run tells, point by point.
class Source
{
public:
    explicit Source(int seriesCount) : m_seriesCount(seriesCount) {}

    void tell(RunData &data, int points)
    {
        for (int i = 0; i < points; ++i) {
            ++m_step;
            for (int series = 0; series < m_seriesCount; ++series)
                data.apply(PointEvent{"loss", nameOf(series), 0, double(m_step), m_loss.at(m_step)});
        }
    }

private:
    int m_seriesCount;
    int m_step = 0;
    NoisyLoss m_loss;
};

/// The window's chart, of that size without its header, and what it draws.
struct LiveChart
{
    LiveChart(int seriesCount, int points) : source(seriesCount), widget(lossInfo(seriesCount))
    {
        source.tell(data, points);
        widget.setData(data.findChart("loss"));
        widget.resize(plotSize);
        widget.show();
        painted.wait();
        widget.resize(plotSize.width(), 2 * plotSize.height() - canvas->height());
        painted.wait();
    }
    void draw()
    {
        widget.refresh();
        painted.wait();
    }

    RunData data;
    Source source;
    ui::ChartWidget widget;
    ui::ChartCanvas *canvas = widget.findChild<ui::ChartCanvas *>();
    PaintWatch painted{canvas};
};

Row redraws(int seriesCount, double target, int times)
{
    LiveChart chart(seriesCount, million);
    Row row{fmt::format("redraw, {} series of 1,000,000 points, more arriving", seriesCount),
            "ms",
            {},
            target,
            true};
    for (int i = 0; i < times; ++i) {
        chart.source.tell(chart.data, arriving);
        row.samples.push_back(millisecondsOf([&] { chart.draw(); }));
    }
    return row;
}

/// Four seeds have ended and are summed up; the points of the fifth arrive.
Row redrawsOfSeeds(int seriesCount, int times)
{
    constexpr int seeds = 5;
    constexpr int epochs = 20'000;
    RunData data;
    NoisyLoss loss;
    const auto tell = [&](int seed, int first, int last) {
        for (int epoch = first; epoch < last; ++epoch)
            for (int series = 0; series < seriesCount; ++series)
                data.apply(PointEvent{"loss", nameOf(series), seed, double(epoch), loss.at(epoch)});
    };
    for (int seed = 0; seed < seeds - 1; ++seed)
        tell(seed, 1, epochs + 1);
    ChartInfo info = lossInfo(seriesCount);
    info.spread = Spread::Median;
    ui::ChartWidget widget(info);
    widget.setData(data.findChart("loss"));
    widget.resize(plotSize);
    PaintWatch painted(widget.findChild<ui::ChartCanvas *>());
    widget.show();
    painted.wait();
    Row row{fmt::format("redraw, {} series, median of 4 seeds, the fifth arriving", seriesCount),
            "ms",
            {},
            8,
            true};
    for (int i = 0; i < times; ++i) {
        tell(seeds - 1, 1 + i * arriving, 1 + (i + 1) * arriving);
        row.samples.push_back(millisecondsOf([&] {
            widget.refresh();
            painted.wait();
        }));
    }
    return row;
}

/// Every redraw shows another part of the data.
Row pannedRedraws(int seriesCount, int times)
{
    LiveChart chart(seriesCount, million);
    Row row{fmt::format("redraw, {} series of 1,000,000 points, zoomed and panned", seriesCount), "ms", {}};
    for (int i = 0; i < times; ++i) {
        const double left = 0.3 * million * i / times;
        chart.widget.setXRange(left, left + 0.4 * million);
        row.samples.push_back(millisecondsOf([&] { chart.draw(); }));
    }
    return row;
}

Row stockRedraws(int seriesCount, int times)
{
    QChart *chart = new QChart;
    QChartView view(chart);
    std::vector<QLineSeries *> lines;
    NoisyLoss loss;
    QList<QList<QPointF>> points(seriesCount);
    for (int i = 0; i < seriesCount; ++i) {
        lines.push_back(new QLineSeries);
        for (int step = 0; step < stockPoints; ++step)
            points[i] << QPointF(step, loss.at(step));
        chart->addSeries(lines.back());
    }
    chart->createDefaultAxes();
    chart->axes(Qt::Horizontal).first()->setRange(0, stockPoints);
    chart->axes(Qt::Vertical).first()->setRange(0, 3);
    view.setRenderHint(QPainter::Antialiasing);
    view.resize(plotSize);
    PaintWatch painted(view.viewport());
    view.show();
    painted.wait();
    Row row{fmt::format("stock Qt Charts, {} series of 2,000 points", seriesCount), "ms", {}};
    for (int i = 0; i < times; ++i) {
        for (QList<QPointF> &line : points) {
            const double last = line.last().y();
            for (int step = stockPoints - 1; step > 0; --step)
                line[step].setY(line[step - 1].y());
            line[0].setY(last);
        }
        row.samples.push_back(millisecondsOf([&] {
            for (int series = 0; series < seriesCount; ++series)
                lines[std::size_t(series)]->replace(points[series]);
            painted.wait();
        }));
    }
    return row;
}

double residentMegabytes()
{
    std::ifstream file("/proc/self/statm");
    double total = 0, resident = 0;
    file >> total >> resident;
    return resident * double(::sysconf(_SC_PAGESIZE)) / 1e6;
}

} // namespace

std::vector<Row> measureRedraws(const Settings &settings)
{
    const int times = settings.quick ? 100 : 500;
    std::vector<Row> rows;
    for (const auto &[seriesCount, target] : {std::pair(3, 8.0), std::pair(10, 16.7)}) {
        rows.push_back(redraws(seriesCount, target, times));
        rows.push_back(pannedRedraws(seriesCount, times));
        rows.push_back(stockRedraws(seriesCount, times / 5));
    }
    rows.push_back(redrawsOfSeeds(3, 100));
    return rows;
}

void openAndLeave()
{
    ui::MainWindow window;
    PaintWatch painted(&window.currentPanel());
    window.show();
    painted.wait();
    QApplication::processEvents(); // it answers
    fmt::print("open\n");
    std::fflush(stdout);
    std::_Exit(0);
}

std::vector<Row> measureStart(const Settings &settings, const std::string &program)
{
    Row row{"start of the process to a usable window", "ms", {}, 1000};
    QTemporaryDir home;
    qputenv("LOSSLAB_HOME", home.path().toUtf8());
    for (int i = 0; i < (settings.quick ? 3 : 10); ++i) {
        QProcess process;
        row.samples.push_back(millisecondsOf([&] {
            process.start(QString::fromStdString(program), {"--open-and-leave"});
            if (!process.waitForReadyRead())
                std::abort();
        }));
        process.waitForFinished();
    }
    return {row};
}

std::vector<Row> measureExport(const Settings &settings)
{
    Row row{"PNG of 3 series of 1,000,000 points, 1600 × 1000 pixels", "ms", {}, 300};
    RunData data;
    Source(3).tell(data, million);
    QTemporaryDir folder;
    const std::filesystem::path file = folder.filePath("loss.png").toStdString();
    for (int i = 0; i < (settings.quick ? 3 : 20); ++i)
        row.samples.push_back(millisecondsOf([&] {
            if (!ui::exportPicture({{lossInfo(3), *data.findChart("loss")}}, {}, file))
                std::abort();
        }));
    return {row};
}

std::vector<Row> measureMemory(const Settings &settings)
{
    const int points = settings.quick ? 4 * million : 10 * million;
    const double before = residentMegabytes();
    LiveChart chart(3, million);
    chart.source.tell(chart.data, points - million);
    chart.draw();
    return {{fmt::format("memory after 3 series of {} million points", points / million),
             "MB",
             {residentMegabytes() - before},
             300}};
}

} // namespace losslab::bench
