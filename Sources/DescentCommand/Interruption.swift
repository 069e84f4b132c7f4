import Descent
import Dispatch
import Glibc
import Synchronization

/// Ctrl-C, SIGTERM and SIGHUP (the terminal has gone) while there is work to save: the first asks the work to stop after
/// its step, the second ends the program at once (a file that is being written is finished), and a third does so even where
/// the terminal or the disk blocks.
///
/// A signal that the program was started without (`nohup`, a shell's background job) stays without effect.
final class Interruption {
    /// The wish that the signals make.
    let cancellation = Cancellation()
    /// The signals that were taken over, and their earlier actions.
    private var taken: [(number: Int32, before: sigaction)] = []

    /// Takes over the signals until `end()`.
    ///
    /// - Parameters:
    ///   - quit: called, on another thread, where the program is to end at once, which its argument does.
    ///   - told: called, on another thread, at the first signal.
    init(
        quit: @escaping @Sendable (_ end: () -> Void) -> Void = { $0() },
        _ told: @escaping @Sendable () -> Void
    ) {
        let cancellation = cancellation
        let wait = SignalCount.begin()
        // A handler may do next to nothing; this thread does the rest. Dispatch's own sources of signals would count two
        // quick ones as one.
        Thread.start {
            var seen = 0
            while let count = wait(seen) {
                if seen == 0 {
                    cancellation.cancel()
                    // Output to a terminal may wait for it, and the second signal must not.
                    if count < 2 { Thread.start { told() } }
                }
                seen = count
                if count >= 2 {
                    quit { _exit(130) }
                }
            }
        }
        for number in [SIGINT, SIGTERM, SIGHUP] {
            var before = sigaction()
            sigaction(number, nil, &before)
            if before.isIgnored { continue }
            var action = sigaction()
            action.__sigaction_handler.sa_handler = { _ in SignalCount.add() }
            action.sa_flags = SA_RESTART
            sigaction(number, &action, nil)
            taken.append((number, before))
        }
    }

    /// Takes over the signals until `end()`, and says at the first that the work stops, in these words.
    ///
    /// `quit`: as above.
    convenience init(
        saying options: OutputOptions,
        _ words: String = "stopping after this step; Ctrl-C again quits at once",
        quit: @escaping @Sendable (_ end: () -> Void) -> Void = { $0() }
    ) {
        let style = ProgressDisplay.style(options)
        self.init(quit: quit) {
            // In place of the bar and of the terminal's own ^C.
            let start = style == .lines ? "" : "\r\u{1B}[K"
            if style != .none {
                Output.error.tryWrite("\(start)\(words)\n")
            }
        }
    }

    private var hasEnded = false

    deinit { end() }

    /// Gives the signals back the meaning that they had.
    func end() {
        // Once: a second call, or that of `deinit`, would end the interruption that counts by then.
        guard !hasEnded else { return }
        hasEnded = true
        for (number, before) in taken {
            var before = before
            sigaction(number, &before, nil)
        }
        taken = []
        SignalCount.end()
    }
}

extension sigaction {
    /// Whether the signal is ignored.
    fileprivate var isIgnored: Bool {
        // SIG_IGN is the address 1.
        unsafeBitCast(__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
    }
}

/// The number of signals received. A handler has no other way to report it than memory of the whole process.
private enum SignalCount {
    private static let count = Atomic<Int>(0)
    /// The number of the interruption that counts now; a thread of an earlier one ends.
    private static let turn = Atomic<Int>(0)
    /// A pipe: the handler writes a byte, the thread reads it. Its two ends; -1 before it is made.
    private static let (reading, writing) = makePipe()

    private static func makePipe() -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return (-1, -1) }
        for end in ends {
            // Neither a handler nor the thread must ever wait for it.
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
        }
        return (ends[0], ends[1])
    }

    /// Begins to count; what waits until there are more signals than were seen: their number, nil at the end.
    static func begin() -> @Sendable (Int) -> Int? {
        count.store(0, ordering: .sequentiallyConsistent)
        // Made before a handler could be the first to ask for it.
        _ = writing
        let own = turn.add(1, ordering: .sequentiallyConsistent).newValue
        return { seen in
            while turn.load(ordering: .sequentiallyConsistent) == own {
                let now = count.load(ordering: .sequentiallyConsistent)
                if now > seen { return now }
                // With a limit, because the thread of an earlier interruption may have read the byte; where no pipe could
                // be made, the limit alone.
                var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
                var byte: UInt8 = 0
                if poll(&wanted, 1, 100) > 0 { _ = read(reading, &byte, 1) }
            }
            return nil
        }
    }

    /// Counts a signal in the handler, where atomic operations, write(2) and _exit(2) are allowed.
    static func add() {
        let before = errno
        let now = count.add(1, ordering: .sequentiallyConsistent).newValue
        if now > 2 { _exit(130) }
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
        errno = before
    }

    /// Ends the thread that waits.
    static func end() {
        turn.add(1, ordering: .sequentiallyConsistent)
        var byte: UInt8 = 0
        _ = write(writing, &byte, 1)
    }
}

/// A thread of its own: those of a queue's may all be at work.
private enum Thread {
    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Body(body))
        let code = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                // Signals go to the threads that compute or wait; this thread is woken by them.
                var all = sigset_t()
                sigfillset(&all)
                pthread_sigmask(SIG_BLOCK, &all, nil)
                Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, box.toOpaque())
        if code == 0 { pthread_detach(thread) } else { box.release() }
    }

    private final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
}
