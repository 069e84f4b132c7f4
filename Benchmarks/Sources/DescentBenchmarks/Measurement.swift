/// Rates or times of several rounds of one benchmark (or one peer), with a number of threads.
struct Measurement: Codable {
    let name: String
    let unit: String
    let threads: Int
    var values: [Double]
    var accuracy: Double?
    var peakMegabytes: Double?
    var version: String?

    var median: Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
    private var isTime: Bool { ["s", "ms", "us"].contains(unit) }
    var minimum: Double { values.min() ?? .nan }
    var maximum: Double { values.max() ?? .nan }

    /// The better one of two medians stands first.
    func isBetter(than other: Measurement) -> Bool {
        isTime ? median < other.median : median > other.median
    }

    /// How many times as good this is as `other`; more than 1 is better, for rates and for times.
    func ratio(to other: Measurement) -> Double {
        isTime ? other.median / median : median / other.median
    }
}

/// Times a body: first for `warmUp`, which also says how often it must be called for a round of `roundTime`.
struct Stopwatch {
    private let body: () throws -> Void
    private let callsPerRound: Int

    init(
        _ body: @escaping () throws -> Void, warmUp: Duration = .milliseconds(300),
        roundTime: Duration = .milliseconds(500)
    ) throws {
        self.body = body
        let clock = ContinuousClock()
        let start = clock.now
        var calls = 0
        repeat {
            try body()
            calls += 1
        } while clock.now - start < warmUp
        let secondsPerCall = (clock.now - start).seconds / Double(calls)
        callsPerRound = max(1, Int(roundTime.seconds / secondsPerCall))
    }

    /// Seconds for one call, averaged over one round.
    func round() throws -> Double {
        let time = try ContinuousClock().measure {
            for _ in 0..<callsPerRound { try body() }
        }
        return time.seconds / Double(callsPerRound)
    }
}

extension Duration {
    /// In seconds.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
