/// Something to be timed: a name, what one run of it does, and how a result is to be read.
struct Benchmark {
    /// What a result says about one call of the body.
    enum Unit {
        /// So many items a second: more is better.
        case perSecond(items: Double, of: String)
        /// Seconds for one call: less is better.
        case seconds
        case milliseconds
        case microseconds

        var label: String {
            switch self {
            case .perSecond(_, let name): "\(name)/s"
            case .seconds: "s"
            case .milliseconds: "ms"
            case .microseconds: "us"
            }
        }

        func result(secondsPerCall seconds: Double) -> Double {
            switch self {
            case .perSecond(let items, _): items / seconds
            case .seconds: seconds
            case .milliseconds: seconds * 1000
            case .microseconds: seconds * 1e6
            }
        }
    }

    let name: String
    /// Benchmarks of a suite are many and short; they share one table.
    var suite: String?
    let unit: Unit
    /// How many times as good as the best peer this has to be.
    var askedRatio: Double?
    /// Whether it is worth a run with one thread and another with two.
    var usesThreads = true
    /// The Python scripts that do the same job, timed in turn with it.
    var peers: [Peer] = []
    /// Makes what the body needs and gives back the body; nil with a reason when it cannot run here.
    let prepare: (Environment) throws -> Preparation

    enum Preparation {
        /// What is called again and again; `accuracy` is that of a training of `Peer.stepsInAll` steps.
        case body(() throws -> Void, accuracy: (() throws -> Double)? = nil)
        /// A program to be run once for each value; the whole process is timed and its peak memory noted.
        case program((_ threads: Int) -> [String])
        case skipped(String)
    }
}

/// What benchmarks find outside themselves.
struct Environment {
    /// The folder with MNIST's four gzipped files, if there is one.
    let mnist: String?
    /// The folder of the package `descent`.
    let root: String
    /// A folder of this run's own, removed at its end.
    let scratch: String
}
