// Does beneath Qt's event loop what a sanitizer must tell of: where this passes in silence, so would
// LossLab's own. losslab_canary race|use-after-free

#include <QCoreApplication>
#include <QTimer>
#include <atomic>
#include <memory>
#include <string_view>
#include <thread>

namespace {

int shared = 0; // by two threads, without a lock

void race()
{
    std::atomic<bool> begun{false};
    std::thread other([&] {
        begun.store(true, std::memory_order_relaxed);
        for (int i = 0; i < 1000; ++i)
            ++shared;
    });
    while (!begun.load(std::memory_order_relaxed))
        std::this_thread::yield();
    for (int i = 0; i < 1000; ++i)
        ++shared;
    other.join();
}

int useAfterFree()
{
    auto number = std::make_unique<int>(7);
    const volatile int *left = number.get();
    number.reset();
    return *left; // NOLINT(clang-analyzer-cplusplus.NewDelete): what is planted
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    const bool races = argc > 1 && argv[1] == std::string_view("race");
    QTimer::singleShot(0, [races] {
        if (races)
            race();
        QCoreApplication::exit(races ? shared : useAfterFree());
    });
    return QCoreApplication::exec();
}
