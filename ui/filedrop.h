#pragma once

#include <QObject>
#include <filesystem>
#include <string_view>

class QDropEvent;
class QWidget;

namespace losslab::ui {

/// Has a window take a file that is dropped anywhere on it, on a field as well.
class FileDrop final : public QObject
{
    Q_OBJECT

public:
    /// Of files whose names end with the suffix; it belongs to the window.
    FileDrop(QWidget *window, std::string_view suffix);

Q_SIGNALS:
    void dropped(const std::filesystem::path &file);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    std::filesystem::path fileIn(const QDropEvent &event) const;

    QWidget *m_window;
    QString m_suffix;
};

} // namespace losslab::ui
