import CKernels

/// The origin of a tape's random numbers: the run's seed and the index of the step.
struct RandomOrigin: Sendable, Hashable {
    let seed: UInt64
    let step: UInt32

    init(seed: Int, step: Int) {
        self.seed = UInt64(bitPattern: Int64(seed))
        self.step = UInt32(truncatingIfNeeded: step)
    }
}

/// The random stream of one layer in one step.
///
/// Number k is a function of the seed, the step, the layer's index and k alone (Philox4x32-10, see `ck_random.h`), so
/// that neither threads nor an interruption change it.
struct RandomStream: Sendable, Hashable {
    let origin: RandomOrigin
    /// The index of the stream in its step.
    let place: UInt32

    init(origin: RandomOrigin, place: UInt32) {
        self.origin = origin
        self.place = place
    }

    var kernelForm: ck_philox_stream {
        ck_philox_stream(
            key: (UInt32(truncatingIfNeeded: origin.seed), UInt32(truncatingIfNeeded: origin.seed >> 32)),
            stream: (origin.step, place))
    }
}
