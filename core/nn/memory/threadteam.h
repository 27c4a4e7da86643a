#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace losslab {

/// Threads that work together on pieces of well under a millisecond: they look for the next piece for a while
/// before they sleep.
class ThreadTeam
{
public:
    ThreadTeam() = default;
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam &) = delete;
    ThreadTeam &operator=(const ThreadTeam &) = delete;

    /// The calling thread and threads - 1 more from now on; fewer where the system has no more.
    void resize(std::size_t threads);
    std::size_t size() const { return m_threads.size() + 1; }

    /// work(thread) for threads 0 … size() - 1, 0 on the calling thread; returns when all are done. Throws
    /// what the first of them to fail has thrown.
    void run(const std::function<void(std::size_t)> &work);

private:
    void serve(std::size_t thread, std::uint32_t piece);
    void disband();
    void doPiece(const std::function<void(std::size_t)> &work, std::size_t thread);

    std::size_t m_wished = 1;
    const std::function<void(std::size_t)> *m_work = nullptr; ///< nullptr: the end
    std::atomic<std::uint32_t> m_piece{0};                    ///< counts the pieces handed out
    std::atomic<std::uint32_t> m_busy{0};                     ///< threads still at the piece
    std::mutex m_failureMutex;
    std::exception_ptr m_failure; ///< of this piece, the first
    std::vector<std::jthread> m_threads;
};

} // namespace losslab
