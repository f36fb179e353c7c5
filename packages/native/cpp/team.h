// Threads that share the parts of one call. A part is run once, by whichever member comes first; parts write where no other does, so the
// number of threads changes speed and nothing else. Belongs to no instruction set; compiled for the baseline.
#pragma once
#include <stddef.h>

/** Scratch that could not be had: the bytes a member wanted (0 where nothing was refused), and about the most it could have had. */
struct Shortage {
	size_t wanted;
	size_t room;
};

struct Team {
	/** Members, the caller included. */
	int size;

	/**
	 * Runs f(context, part, member) for part = 0..parts-1 and returns when all are done; member is below `size`, and two parts that run at
	 * once have different members. Called by one thread at a time, never from inside a part; parts ≤ 65535.
	 */
	void run(int parts, void (*f)(void* context, int part, int member), void* context);

	/**
	 * A member's own memory of at least so many bytes, 64-byte aligned, kept until the team ends; what it held is lost when it grows. Null where
	 * it cannot be had: whoever asked then leaves its part undone, for `shortage` tells the caller that there is no result.
	 */
	void* scratch(int member, size_t bytes);

	/** The scratch refused since this was last asked. */
	Shortage shortage();

	/** Members that could be started, at least one, the caller; each has at most so many bytes of scratch. Null where there is no memory. */
	static Team* start(int size, size_t mostScratch);
	/** Ends and joins the threads, frees the memory. */
	static void end(Team* team);
};

/** team.run for a lambda (int part, int member). */
template <class F>
static inline void runParts(Team& team, int parts, F& f) {
	team.run(parts, [](void* context, int part, int member) { (*(F*)context)(part, member); }, (void*)&f);
}

/**
 * f(from, to, member) over 0..total in pieces whose bounds are multiples of step. Whole on the caller's thread when `whole` (too little work
 * to repay waking anybody), else two pieces a member, so that a member that is held up leaves work to the others.
 */
template <class F>
static inline void share(Team& team, int total, int step, bool whole, F f) {
	if (whole || team.size == 1 || total <= step) {
		if (total > 0) f(0, total, 0);
		return;
	}
	int steps = (total + step - 1) / step;
	int parts = 2 * team.size;
	if (parts > steps) parts = steps;
	auto piece = [&](int part, int member) {
		int from = (int)((long)steps * part / parts) * step;
		int to = part + 1 == parts ? total : (int)((long)steps * (part + 1) / parts) * step;
		if (from < to) f(from, to, member);
	};
	runParts(team, parts, piece);
}
