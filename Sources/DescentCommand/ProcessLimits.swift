import Glibc

/// The resource limits of this process, checked before anything else: so that too little ends in a line and an exit
/// code, and not in a trap.
enum ProcessLimits {
    /// EX_OSERR of sysexits.h.
    static let exitCode: Int32 = 71

    /// Puts the process in order.
    ///
    /// - Returns: why it cannot work, in a line; nil when it can.
    static func prepare() -> String? {
        openStandardStreams()
        // A file system that has a largest size (ulimit -f) must end in an error of the write, not in a signal.
        signal(SIGXFSZ, SIG_IGN)
        explainTraps()
        return lackOfDescriptors()
    }

    /// Reopens standard input, output and error if they are closed: the next file that is opened, perhaps a model, would
    /// take their numbers, and a message would be written into it.
    private static func openStandardStreams() {
        for descriptor: Int32 in 0...2 where fcntl(descriptor, F_GETFD) < 0 {
            // The lowest free number is this one: those below it are open by now.
            _ = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY)
        }
    }

    /// Sixteen descriptors are enough for all of Descent's verbs.
    private static let least: rlim_t = 16

    private static func lackOfDescriptors() -> String? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < 64 else {
            return nil
        }
        let found = limit.rlim_cur
        limit.rlim_cur = min(256, limit.rlim_max)
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < least else { return nil }
        return
            "descent: error: too few open files are allowed (expected at least \(least), got \(found)); raise the limit, as"
            + " with 'ulimit -n 256'"
    }

    /// With a limit on memory (`ulimit -v`), Swift's own containers end the program by a trap when there is no more of it;
    /// then the last word is said here.
    ///
    /// A trap is taken for one for want of memory where the thread's last error is that: a request that fails leaves it there,
    /// and nothing takes it away, so that it may be of one long ago.
    /// Any other trap, and a signal from outside, ends the program as it would have without this, with its own words.
    private static func explainTraps() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0, limit.rlim_cur != rlim_t.max
        else { return }
        for number in [SIGILL, SIGTRAP, SIGABRT] {
            signal(number) { number in
                // Of the calls allowed in a handler: errno, write(2), _exit(2), signal(2), raise(3).
                guard errno == ENOMEM else {
                    signal(number, SIG_DFL)
                    raise(number)
                    return
                }
                let message: StaticString =
                    "descent: error: stopped, as it seems for want of memory; raise the limit ('ulimit -v unlimited')\n"
                _ = write(2, message.utf8Start, message.utf8CodeUnitCount)
                _exit(71)
            }
        }
    }
}
