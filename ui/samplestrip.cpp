#include "ui/samplestrip.h"

#include "data/dataset.h"
#include "ui/backgroundjob.h"
#include "ui/text.h"
#include "ui/theme.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <memory>

namespace losslab::ui {

namespace {

constexpr int imageSide = 28;           ///< pixels, as most sets have them
constexpr int gap = gridStep / 4;       ///< between images; eight of them are as wide as a form
constexpr int keptSide = 8 * imageSide; ///< as sharp as any screen shows it

/// Image `index` of a set, [channels, rows, columns], grey or in colour; a large one smaller. Null where
/// there is no memory for it.
QImage imageOf(const ImageSet &set, std::int64_t index)
{
    const auto rows = static_cast<int>(set.rows), columns = static_cast<int>(set.columns);
    const auto plane = static_cast<std::size_t>(set.rows * set.columns);
    const std::uint8_t *pixels = set.pixels.data() + static_cast<std::size_t>(index * set.channels) * plane;
    const std::size_t green = set.channels == 3 ? plane : 0, blue = 2 * green;
    QImage image(columns, rows, QImage::Format_RGB32);
    if (image.isNull())
        return image;
    for (int row = 0; row < rows; ++row) {
        auto *line = reinterpret_cast<QRgb *>(image.scanLine(row));
        for (int column = 0; column < columns; ++column, ++pixels)
            line[column] = qRgb(pixels[0], pixels[green], pixels[blue]);
    }
    return std::max(rows, columns) <= keptSide
               ? image
               : image.scaled(keptSide, keptSide, Qt::KeepAspectRatio, Qt::SmoothTransformation);
}

/// As large as the area takes, in the screen's own pixels: each of the image's as a whole number of them
/// where that fills it, else smooth.
void draw(QPainter &painter, const QImage &image, const QRect &area)
{
    const qreal ratio = painter.device()->devicePixelRatio();
    const QSize room = (QSizeF(area.size()) * ratio).toSize();
    const QSize size = image.size().scaled(room, Qt::KeepAspectRatio);
    const bool whole = size.width() % image.width() == 0 && size.height() % image.height() == 0;
    QImage scaled =
        image.scaled(size, Qt::IgnoreAspectRatio, whole ? Qt::FastTransformation : Qt::SmoothTransformation);
    scaled.setDevicePixelRatio(ratio);
    const QPointF corner =
        area.topLeft() + QPointF(room.width() - size.width(), room.height() - size.height()) / (2 * ratio);
    painter.drawImage(QPointF(std::round(corner.x() * ratio), std::round(corner.y() * ratio)) / ratio,
                      scaled);
}

} // namespace

SampleStrip::SampleStrip(QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("samples"));
    QSizePolicy policy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    QFont small = font();
    small.setPointSizeF(small.pointSizeF() * 0.85);
    setFont(small);
    hide();
}

/// So that the program can end while they are read.
SampleStrip::~SampleStrip()
{
    *m_givenUp = true;
}

void SampleStrip::showDataset(const QString &data)
{
    *m_givenUp = true;
    m_givenUp = std::make_shared<std::atomic<bool>>(false);
    BackgroundJob<QList<Sample>>::start(
        this,
        [name = data.toStdString(), givenUp = m_givenUp] {
            return load(name, [&] { return givenUp->load(); });
        },
        [this, givenUp = m_givenUp](const QList<Sample> &samples) {
            if (!*givenUp)
                take(samples);
        });
}

QList<SampleStrip::Sample> SampleStrip::load(const std::string &name, const std::function<bool()> &isGivenUp)
{
    if (isGivenUp())
        return {};
    const auto images = sampleImages(name, count);
    if (!images)
        return {};
    const std::vector<std::string> names = classNames(name);
    QList<Sample> samples;
    for (std::int64_t i = 0; i < images->count && !isGivenUp(); ++i) {
        const std::size_t label = images->labels[static_cast<std::size_t>(i)];
        const QImage image = imageOf(*images, i);
        if (!image.isNull())
            samples.append({image, label < names.size() ? fromText(names[label]) : QString::number(label)});
    }
    return samples;
}

void SampleStrip::take(const QList<Sample> &samples)
{
    m_samples = samples;
    QStringList names;
    for (const Sample &sample : samples)
        names << sample.name;
    setAccessibleName(tr("First images of the data set"));
    setAccessibleDescription(tr("Their classes: %1").arg(names.join(QStringLiteral(", "))));
    setShown(m_isShown);
    updateGeometry();
    update();
    Q_EMIT loaded();
}

void SampleStrip::setShown(bool shown)
{
    m_isShown = shown;
    setVisible(shown && !m_samples.isEmpty());
}

/// Eight where the names are short, else as many as leave them room.
int SampleStrip::columns(int width) const
{
    int widest = imageSide;
    for (const Sample &sample : m_samples)
        widest = std::max(widest, fontMetrics().horizontalAdvance(sample.name));
    return std::clamp((width + gap) / (widest + gap), 1, count / 2);
}

QSize SampleStrip::sizeHint() const
{
    constexpr int width = count / 2 * (imageSide + gap) - gap;
    return {width, heightForWidth(width)};
}

int SampleStrip::heightForWidth(int width) const
{
    const int across = columns(width), samples = static_cast<int>(m_samples.size());
    const int rows = (samples + across - 1) / across;
    return rows * (imageSide + fontMetrics().height() + gap);
}

QRect SampleStrip::cell(int index) const
{
    const int across = columns(width()), high = imageSide + fontMetrics().height() + gap;
    const int wide = (width() + gap) / across;
    return {index % across * wide, index / across * high, wide - gap, high - gap};
}

void SampleStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setPen(ThemeColors::current().muted);
    for (int i = 0; i < m_samples.size(); ++i) {
        const QRect area = cell(i);
        const QRect image(area.x() + (area.width() - imageSide) / 2, area.y(), imageSide, imageSide);
        draw(painter, m_samples[i].image, image);
        painter.drawText(area.adjusted(0, imageSide, 0, 0), Qt::AlignHCenter | Qt::AlignTop,
                         fontMetrics().elidedText(m_samples[i].name, Qt::ElideRight, area.width()));
    }
}

bool SampleStrip::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    for (int i = 0; i < m_samples.size(); ++i)
        if (const QRect area = cell(i); area.contains(help->pos())) {
            QToolTip::showText(help->globalPos(),
                               plainTip(tr("Training image %1: %2").arg(i + 1).arg(m_samples[i].name)), this,
                               area);
            return true;
        }
    QToolTip::hideText();
    return true;
}

} // namespace losslab::ui
