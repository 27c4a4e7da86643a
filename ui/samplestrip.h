#pragma once

#include <QImage>
#include <QList>
#include <QWidget>
#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace losslab::ui {

/// Sixteen images of a data set, small, each with its class beneath it: a wrong set, or a wrong order of the
/// classes, is seen at a glance. They are read on a thread of their own; where the set is not here, or cannot
/// be read, nothing is shown.
class SampleStrip final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int count = 16;

    explicit SampleStrip(QWidget *parent);
    ~SampleStrip() override;

    /// By its id or its folder. What was asked for before is given up.
    void showDataset(const QString &data);
    /// Else it stays hidden, whatever was read.
    void setShown(bool shown);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

Q_SIGNALS:
    /// Those of the set asked for last are there, or are known not to be.
    void loaded();

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    struct Sample
    {
        QImage image;
        QString name; ///< of its class
    };

    static QList<Sample> load(const std::string &name, const std::function<bool()> &isGivenUp);
    void take(const QList<Sample> &samples);
    int columns(int width) const;
    QRect cell(int index) const;

    std::shared_ptr<std::atomic<bool>> m_givenUp =
        std::make_shared<std::atomic<bool>>(false); ///< the last reading
    QList<Sample> m_samples;
    bool m_isShown = true;
};

} // namespace losslab::ui
