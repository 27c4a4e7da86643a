#include "ui/filedrop.h"

#include "ui/text.h"

#include <QApplication>
#include <QDropEvent>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

namespace losslab::ui {

FileDrop::FileDrop(QWidget *window, std::string_view suffix)
    : QObject(window), m_window(window), m_suffix(fromText(std::string(suffix)))
{
    window->setAcceptDrops(true);
    qApp->installEventFilter(this); // fields would take the file's name as text
}

/// The one file that is dropped; empty where it is something else.
std::filesystem::path FileDrop::fileIn(const QDropEvent &event) const
{
    const QList<QUrl> urls = event.mimeData()->urls();
    if (urls.size() != 1 || !urls.front().isLocalFile())
        return {};
    const QString file = urls.front().toLocalFile();
    return file.endsWith(m_suffix) ? toPath(file) : std::filesystem::path();
}

bool FileDrop::eventFilter(QObject *watched, QEvent *event)
{
    const QEvent::Type type = event->type();
    if (type != QEvent::DragEnter && type != QEvent::DragMove && type != QEvent::Drop)
        return false;
    const auto *widget = qobject_cast<QWidget *>(watched);
    auto &drop = static_cast<QDropEvent &>(*event);
    const std::filesystem::path file =
        widget && widget->window() == m_window ? fileIn(drop) : std::filesystem::path();
    if (file.empty())
        return false;
    drop.setDropAction(Qt::CopyAction);
    drop.accept();
    if (type == QEvent::Drop)
        Q_EMIT dropped(file);
    return true;
}

} // namespace losslab::ui
