#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace nystrom::tools {

/// Works on items, with several threads if there are several workers, and gives the results out in the items' order,
/// each as soon as it and all before it are there.
template <class Item, class Result>
class OrderedWork {
 public:
  using Worker = std::function<Result(Item)>;
  using GiveOut = std::function<void(Result)>;

  /// A thread for each worker; one alone works in the caller's. give_out is called by one thread at a time. Throws
  /// std::system_error if they can't be started.
  OrderedWork(std::vector<Worker> workers, GiveOut give_out) : give_out_(std::move(give_out)) {
    if (workers.size() == 1) {
      alone_ = std::move(workers.front());
      return;
    }
    threads_.reserve(workers.size());
    try {
      for (Worker& worker : workers) {
        threads_.emplace_back([this, work = std::move(worker)] { run(work); });
      }
    } catch (const std::system_error& error) {
      stop();
      throw std::system_error(error.code(), std::to_string(workers.size()) + " threads can't be started; use fewer");
    } catch (...) {
      stop();
      throw;
    }
  }
  OrderedWork(const OrderedWork&) = delete;
  OrderedWork& operator=(const OrderedWork&) = delete;

  /// Waits for what is being worked on, and drops the rest.
  ~OrderedWork() { stop(); }

  /// Waits while too many items are not given out. Throws what a worker or give_out has thrown.
  void add(Item item) {
    if (alone_) return give_out_(alone_(std::move(item)));
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || slots_.size() < items_ahead * threads_.size(); });
    check();
    slots_.push_back({std::move(item), std::nullopt});
    waiting_.push_back(&slots_.back());
    changed_.notify_all();
  }

  /// Waits until everything is given out. Throws what a worker or give_out has thrown.
  void finish() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || slots_.empty(); });
    check();
  }

 private:
  static constexpr std::size_t items_ahead = 4;

  struct Slot {
    Item item;
    std::optional<Result> result;
  };

  void stop() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    for (std::thread& thread : threads_) thread.join();
  }

  void check() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  void run(const Worker& worker) noexcept {
    std::unique_lock lock(mutex_);
    for (;;) {
      changed_.wait(lock, [&] { return ended_ || failure_ || !waiting_.empty(); });
      if (ended_ || failure_) return;
      try {
        work_on_next(worker, lock);
      } catch (...) {
        failure_ = std::current_exception();
      }
      changed_.notify_all();
    }
  }

  /// Called with the lock held, and leaves it held.
  void work_on_next(const Worker& worker, std::unique_lock<std::mutex>& lock) {
    Slot& slot = *waiting_.front();
    waiting_.pop_front();
    lock.unlock();
    std::optional<Result> result;
    std::exception_ptr failure;
    try {
      result = worker(std::move(slot.item));
    } catch (...) {
      failure = std::current_exception();
    }
    lock.lock();
    if (failure) std::rethrow_exception(failure);
    slot.result = std::move(result);
    while (!slots_.empty()) {
      Slot& first = slots_.front();
      if (!first.result) return;
      give_out_(std::move(*first.result));
      slots_.pop_front();
    }
  }

  GiveOut give_out_;
  Worker alone_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Slot> slots_;     ///< not given out, in order
  std::deque<Slot*> waiting_;  ///< those of them that no worker has taken; a deque's elements stay where they are
  std::exception_ptr failure_;
  bool ended_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace nystrom::tools
