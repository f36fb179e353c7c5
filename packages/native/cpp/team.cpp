// See team.h. A call is published as one number: its turn, how many parts it has, how many are taken. Taking a part is one compare-and-swap
// of that number, so a member that wakes late finds nothing to take and can harm nothing, and nobody waits for it.
#include "team.h"

#include <atomic>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <new>
#include <xmmintrin.h>

namespace {

constexpr int MOST_PARTS = 65535;
/** Pauses before a member sleeps: longer than the gaps between the kernels of one program, short beside a scheduler's tick. */
constexpr int SPINS = 4000;
constexpr int SPINS_OF_CALLER = 2000;
constexpr unsigned DEFAULT_ROUNDING_NO_FLUSH = 0x1f80;

struct Scratch {
	void* at = nullptr;
	size_t bytes = 0;
};

struct Crew : Team {
	/** turn << 32 | parts << 16 | taken */
	alignas(64) std::atomic<uint64_t> ticket{0};
	alignas(64) std::atomic<int> done{0};
	alignas(64) std::atomic<int> sleepers{0};
	std::atomic<bool> ending{false};
	std::atomic<void (*)(void*, int, int)> f{nullptr};
	std::atomic<void*> context{nullptr};
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t bell = PTHREAD_COND_INITIALIZER;
	pthread_t* threads = nullptr;
	Scratch* scratches = nullptr;
	size_t mostScratch = 0;
	std::atomic<size_t> wanted{0};
	std::atomic<size_t> room{0};
};

struct Start {
	Crew* crew;
	int member;
};

/** Runs parts of the call in `ticket` as long as there are any. */
void take(Crew& crew, int member) {
	uint64_t seen = crew.ticket.load(std::memory_order_acquire);
	for (;;) {
		int parts = (int)(seen >> 16 & 0xffff);
		int part = (int)(seen & 0xffff);
		if (part >= parts) return;
		// What is read here may belong to a later call; then the swap fails, for a call ends only when all its parts are taken.
		auto f = crew.f.load(std::memory_order_relaxed);
		void* context = crew.context.load(std::memory_order_relaxed);
		if (crew.ticket.compare_exchange_weak(seen, seen + 1, std::memory_order_acq_rel, std::memory_order_acquire)) {
			f(context, part, member);
			crew.done.fetch_add(1, std::memory_order_acq_rel);
			seen = crew.ticket.load(std::memory_order_acquire);
		}
	}
}

void* live(void* argument) {
	Start start = *(Start*)argument;
	free(argument);
	Crew& crew = *start.crew;
	_mm_setcsr(DEFAULT_ROUNDING_NO_FLUSH);
	uint64_t turn = 0;
	for (;;) {
		int spins = 0;
		while (crew.ticket.load(std::memory_order_acquire) >> 32 == turn && spins < SPINS) {
			_mm_pause();
			spins++;
		}
		if (spins == SPINS) {
			pthread_mutex_lock(&crew.mutex);
			crew.sleepers.fetch_add(1);
			while (crew.ticket.load() >> 32 == turn && !crew.ending.load()) pthread_cond_wait(&crew.bell, &crew.mutex);
			crew.sleepers.fetch_sub(1);
			pthread_mutex_unlock(&crew.mutex);
		}
		if (crew.ending.load()) return nullptr;
		turn = crew.ticket.load(std::memory_order_acquire) >> 32;
		take(crew, start.member);
	}
}

constexpr size_t PAGE = 4096;

void* allocate(const Crew& crew, size_t bytes) { return bytes > crew.mostScratch ? nullptr : aligned_alloc(64, bytes); }

/** Found by halving, for no system says it. */
size_t roomBelow(const Crew& crew, size_t bytes) {
	for (bytes = bytes / 2 & ~(PAGE - 1); bytes > 0; bytes = bytes / 2 & ~(PAGE - 1)) {
		void* at = allocate(crew, bytes);
		if (at == nullptr) continue;
		free(at);
		return bytes;
	}
	return 0;
}

void ring(Crew& crew) {
	if (crew.sleepers.load() == 0) return;
	pthread_mutex_lock(&crew.mutex);
	pthread_cond_broadcast(&crew.bell);
	pthread_mutex_unlock(&crew.mutex);
}

}  // namespace

Team* Team::start(int size, size_t mostScratch) {
	Crew* crew = new (std::nothrow) Crew;
	if (crew == nullptr) return nullptr;
	crew->size = 1;
	crew->mostScratch = mostScratch;
	crew->threads = (pthread_t*)calloc((size_t)size, sizeof(pthread_t));
	crew->scratches = (Scratch*)calloc((size_t)size, sizeof(Scratch));
	if (crew->threads == nullptr || crew->scratches == nullptr) {
		free(crew->scratches);
		free(crew->threads);
		delete crew;
		return nullptr;
	}
	// Signals are for the host's threads.
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (int member = 1; member < size; member++) {
		Start* start = (Start*)malloc(sizeof(Start));
		if (start == nullptr) break;
		*start = {crew, member};
		if (pthread_create(&crew->threads[member], nullptr, live, start) != 0) {
			free(start);
			break;
		}
		crew->size = member + 1;
	}
	pthread_sigmask(SIG_SETMASK, &before, nullptr);
	return crew;
}

void Team::end(Team* team) {
	Crew* crew = (Crew*)team;
	pthread_mutex_lock(&crew->mutex);
	crew->ending.store(true);
	// A new turn without parts ends the spinning.
	crew->ticket.store(((crew->ticket.load() >> 32) + 1) << 32);
	pthread_cond_broadcast(&crew->bell);
	pthread_mutex_unlock(&crew->mutex);
	for (int member = 1; member < crew->size; member++) pthread_join(crew->threads[member], nullptr);
	for (int member = 0; member < crew->size; member++) free(crew->scratches[member].at);
	free(crew->scratches);
	free(crew->threads);
	delete crew;
}

void Team::run(int parts, void (*f)(void*, int, int), void* context) {
	Crew& crew = *(Crew*)this;
	if (parts < 2 || size == 1 || parts > MOST_PARTS) {
		for (int part = 0; part < parts; part++) f(context, part, 0);
		return;
	}
	crew.f.store(f, std::memory_order_relaxed);
	crew.context.store(context, std::memory_order_relaxed);
	crew.done.store(0, std::memory_order_relaxed);
	uint64_t turn = (crew.ticket.load(std::memory_order_relaxed) >> 32) + 1;
	crew.ticket.store(turn << 32 | (uint64_t)parts << 16);
	ring(crew);
	take(crew, 0);
	for (int spins = 0; crew.done.load(std::memory_order_acquire) < parts; spins++) {
		if (spins < SPINS_OF_CALLER) _mm_pause();
		else sched_yield();
	}
}

void* Team::scratch(int member, size_t bytes) {
	Crew& crew = *(Crew*)this;
	Scratch& scratch = crew.scratches[member];
	if (scratch.at != nullptr && scratch.bytes >= bytes) return scratch.at;
	free(scratch.at);
	const size_t whole = bytes == 0 ? PAGE : (bytes + PAGE - 1) & ~(PAGE - 1);
	scratch.at = allocate(crew, whole);
	scratch.bytes = scratch.at == nullptr ? 0 : whole;
	if (scratch.at == nullptr) {
		crew.room.store(roomBelow(crew, whole));
		crew.wanted.store(whole);
	}
	return scratch.at;
}

Shortage Team::shortage() {
	Crew& crew = *(Crew*)this;
	if (crew.wanted.load(std::memory_order_relaxed) == 0) return {0, 0};
	return {crew.wanted.exchange(0), crew.room.load()};
}
