import Descent
import Dispatch
import Foundation
import Synchronization

/// A run that learns on a thread of its own, at full speed, and tells about twenty times a second how it looks.
///
/// It ends when it is stopped, when nobody reads its snapshots any more, and when its time is over.
public final class LabRun: Sendable {
    /// What a run may take at most.
    public struct Limits: Sendable {
        /// The seconds from its beginning to its end, pauses included.
        public var seconds = 1_800.0
        /// The steps.
        public var steps = 20_000_000
        /// The seconds between two snapshots.
        public var interval = 0.05

        /// Creates the usual limits.
        public init() {}
    }

    /// The name by which a page asks for it, which nobody can guess.
    public let id: String
    /// What it looks like; one that is not read in time gives way to the next.
    public let snapshots: AsyncStream<LabSnapshot>
    private let continuation: AsyncStream<LabSnapshot>.Continuation
    private let settings: LabSettings
    private let data: LabData
    private let limits: Limits
    private let wishes = Mutex(Wishes())
    private let wake = DispatchSemaphore(value: 0)

    /// What is wanted of the run's thread.
    private struct Wishes {
        var isStopped = false
        /// Whether the thread has done its last work.
        var isOver = false
        var waiting: [CheckedContinuation<Void, Never>] = []
        var isPaused = false
        var steps = 0
        var learningRate: Double?
        /// The most steps a second; nil for full speed.
        var pace: Double?
        var work: [@Sendable (LabTraining?) -> Void] = []
    }

    /// Creates a run that has not begun.
    ///
    /// - Throws: `usage` for settings beyond their bounds.
    public init(
        _ settings: LabSettings, on data: LabData, limits: Limits = Limits(), isPaused: Bool = false
    ) throws {
        try settings.check()
        (self.settings, self.data, self.limits) = (settings, data, limits)
        var random = SystemRandomNumberGenerator()
        id = (0..<2).map { _ in String(random.next(), radix: 36) }.joined()
        (snapshots, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        wishes.withLock { $0.isPaused = isPaused }
    }

    /// Begins, and returns what the page needs to know of the data.
    ///
    /// - Throws: `usage` for a network that is too large.
    public func start() async throws -> LabDescription {
        continuation.onTermination = { [weak self] _ in self?.stop() }
        return try await withCheckedThrowingContinuation { begun in
            let thread = Thread { self.run(begun) }
            thread.name = "lab"
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Ends the run.
    public func stop() { wish { $0.isStopped = true } }

    /// Waits until a run that has begun is over. A program that ends while one computes takes its memory from under it.
    public func over() async {
        await withCheckedContinuation { each in
            let isOver = wishes.withLock { wishes in
                if !wishes.isOver { wishes.waiting.append(each) }
                return wishes.isOver
            }
            if isOver { each.resume() }
        }
    }

    /// Waits, or goes on.
    public func pause(_ isPaused: Bool) { wish { ($0.isPaused, $0.steps) = (isPaused, 0) } }

    /// Waits after so many more steps.
    public func take(steps: Int) {
        wish { ($0.isPaused, $0.steps) = (true, min(1_000, $0.steps + max(1, steps))) }
    }

    /// Changes the learning rate from the next step on.
    ///
    /// - Throws: `usage` for one beyond its bounds.
    public func set(learningRate: Double) throws {
        try LabSettings.check("learningRate", learningRate, in: LabSettings.learningRates)
        wish { $0.learningRate = learningRate }
    }

    /// Makes at most so many steps a second, to be followed by eye; 0 for full speed.
    ///
    /// - Throws: `usage` for one beyond its bounds.
    public func set(pace: Double) throws {
        try LabSettings.check("pace", pace, in: 0...1e6)
        wish { $0.pace = pace > 0 ? pace : nil }
    }

    /// Writes the network as a model folder below `folder`; returns its path.
    public func save(in folder: String) async throws -> String {
        try await onThread { try $0.save(in: folder) }
    }

    /// Computes one step on one example in slow motion; the network stays as it is.
    public func slowMotion(example: Int) async throws -> SlowMotion {
        try await onThread { try SlowMotion($0, example: example) }
    }

    private func wish(_ change: (inout Wishes) -> Void) {
        wishes.withLock { change(&$0) }
        wake.signal()
    }

    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (LabTraining) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { done in
            let work: @Sendable (LabTraining?) -> Void = { training in
                guard let training else {
                    done.resume(throwing: DescentError(.usage, "the run has ended"))
                    return
                }
                done.resume(with: Result { try body(training) })
            }
            let isLate = wishes.withLock { wishes in
                guard !wishes.isStopped else { return true }
                wishes.work.append(work)
                return false
            }
            if isLate { work(nil) } else { wake.signal() }
        }
    }
}

// The run's thread.
extension LabRun {
    private func run(_ begun: CheckedContinuation<LabDescription, any Error>) {
        let training: LabTraining
        do {
            training = try LabTraining(settings, data)
            // Before anybody is told, so that the page has something to show.
            continuation.yield(try training.snapshot())
            begun.resume(returning: training.description)
        } catch {
            begun.resume(throwing: error)
            finish()
            return
        }
        loop(training)
        finish()
    }

    private func finish() {
        let late = wishes.withLock { wishes in
            wishes.isStopped = true
            defer { wishes.work = [] }
            return wishes.work
        }
        for work in late { work(nil) }
        continuation.finish()
        let waiting = wishes.withLock { wishes in
            wishes.isOver = true
            defer { wishes.waiting = [] }
            return wishes.waiting
        }
        for each in waiting { each.resume() }
    }

    private func loop(_ training: LabTraining) {
        let end = ContinuousClock.now + .seconds(limits.seconds)
        var meter = LabMeter(interval: limits.interval)
        /// Whether something has changed since the last snapshot.
        var isStale = false
        /// When the next step is due, at a pace.
        var next = ContinuousClock.now
        while true {
            let wanted = wishes.withLock { wishes in
                let wanted = wishes
                (wishes.learningRate, wishes.work) = (nil, [])
                if wishes.steps > 0 { wishes.steps -= 1 }
                return wanted
            }
            for work in wanted.work { work(training) }
            guard !wanted.isStopped else { return }
            if let rate = wanted.learningRate {
                training.learningRate = rate
                isStale = true
            }
            let now = ContinuousClock.now
            guard now < end, training.stepCount < limits.steps else {
                tell(training, &meter, isPaused: true, problem: now < end ? "steps" : "time")
                return
            }
            guard !wanted.isPaused || wanted.steps > 0 else {
                if isStale || meter.wasRunning { tell(training, &meter, isPaused: true) }
                isStale = false
                // Again now and then: so a reader that has gone is found out, and the time is looked at.
                if wake.wait(timeout: .now() + 2) == .timedOut, let last = meter.last {
                    continuation.yield(last)
                }
                continue
            }
            if let pace = wanted.pace, !wanted.isPaused, !isDue(&next, at: now, every: 1 / pace) { continue }
            do {
                try training.learn()
            } catch {
                tell(training, &meter, isPaused: true, problem: "\(error)")
                return
            }
            meter.stepped()
            isStale = true
            guard training.isFinite else {
                tell(training, &meter, isPaused: true, problem: "diverged")
                wishes.withLock { ($0.isPaused, $0.steps) = (true, 0) }
                isStale = false
                continue
            }
            if !wanted.isPaused, meter.isDue {
                tell(training, &meter, isPaused: false)
                isStale = false
            }
        }
    }

    /// Waits for a step that is not due, a little at most; returns whether it is.
    private func isDue(
        _ next: inout ContinuousClock.Instant, at now: ContinuousClock.Instant, every seconds: Double
    ) -> Bool {
        let rest = (next - now) / .seconds(1)
        if rest > 0 {
            _ = wake.wait(timeout: .now() + min(rest, 0.1))
            return false
        }
        // What is more than a moment late is not made up for.
        next = (rest < -0.1 ? now : next) + .seconds(seconds)
        return true
    }

    private func tell(
        _ training: LabTraining, _ meter: inout LabMeter, isPaused: Bool, problem: String? = nil
    ) {
        let speed = meter.begin()
        if var snapshot = try? training.snapshot() {
            (snapshot.isPaused, snapshot.problem, snapshot.stepsPerSecond) = (isPaused, problem, speed)
            continuation.yield(snapshot)
            meter.last = snapshot
        }
        meter.end()
        meter.wasRunning = !isPaused
    }
}

/// When the next snapshot is due: after the interval, and never so soon that snapshots take more than a third of the time.
private struct LabMeter {
    let interval: Double
    var wasRunning = true
    /// The last snapshot.
    var last: LabSnapshot?
    private var due = ContinuousClock.now
    private var since = ContinuousClock.now
    private var begun = ContinuousClock.now
    private var steps = 0

    init(interval: Double) { self.interval = interval }

    mutating func stepped() { steps += 1 }

    var isDue: Bool { ContinuousClock.now >= due }

    /// Begins a snapshot; returns the steps per second of training since the last one.
    mutating func begin() -> Double {
        begun = ContinuousClock.now
        let passed = (begun - since) / .seconds(1)
        return wasRunning && passed > 0 ? Double(steps) / passed : 0
    }

    mutating func end() {
        let now = ContinuousClock.now
        (since, steps) = (now, 0)
        let pause: Duration = max(Duration.seconds(interval), (now - begun) * 2)
        due = now + pause
    }
}
