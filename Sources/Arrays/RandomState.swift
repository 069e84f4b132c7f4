import CKernels
import Support

/// NumPy's legacy generator `numpy.random.RandomState`, bit for bit: MT19937 with the same seeding and the same draws,
/// so that a Swift run and a NumPy run with one seed get the same numbers.
///
/// It is a value: pass it `inout`; a copy continues independently from the same state.
///
/// ```swift
/// var random = RandomState(42)
/// print(random.rand(3))        // [0.37454012 0.95071431 0.73199394]
/// let order = random.permutation(60_000)
/// ```
///
/// Source: M. Matsumoto, T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998).
public struct RandomState: Sendable, Equatable {
    /// The 624 words and the index of the next (see ck_random.h).
    private var words: [UInt32]
    private var cachedGauss: Double?

    /// Creates a generator seeded as `RandomState(seed)` in NumPy.
    ///
    /// - Precondition: 0 <= seed < 2^32.
    public init(_ seed: Int) {
        require(UInt32(exactly: seed) != nil, "Seed must be between 0 and 2**32 - 1")
        words = [UInt32](repeating: 0, count: Int(CK_MT_WORDS))
        words.withUnsafeMutableBufferPointer { ck_mt_seed($0.baseAddress, UInt32(seed)) }
    }

    /// Creates a generator seeded as `RandomState([a, b, ...])` in NumPy (init_by_array).
    ///
    /// - Precondition: at least one seed.
    public init(seeds: [UInt32]) {
        require(!seeds.isEmpty, "Seed must be non-empty")
        words = [UInt32](repeating: 0, count: Int(CK_MT_WORDS))
        words.withUnsafeMutableBufferPointer { ck_mt_seed_array($0.baseAddress, seeds, seeds.count) }
    }

    /// The saved state of a generator: NumPy's `get_state()`.
    package struct State: Codable, Equatable, Sendable {
        /// The 624 words of the twister.
        package let key: [UInt32]
        /// The index of the next word, 0...624.
        package let position: Int
        /// The second value of the last polar pair, if it is not used yet.
        package let cachedGauss: Double?

        /// Creates a state from its parts; `RandomState(restoring:)` checks it.
        package init(key: [UInt32], position: Int, cachedGauss: Double?) {
            self.key = key
            self.position = position
            self.cachedGauss = cachedGauss
        }
    }

    /// The state, saved to continue from here.
    package var state: State {
        let length = Int(CK_MT_LENGTH)
        return State(key: Array(words[..<length]), position: Int(words[length]), cachedGauss: cachedGauss)
    }

    /// Continues from a saved state.
    ///
    /// - Throws: `DescentError` (`badData`) when it is not a state of MT19937.
    package init(restoring state: State) throws {
        let length = Int(CK_MT_LENGTH)
        guard state.key.count == length, (0...length).contains(state.position) else {
            throw DescentError(
                .badData, "not a state of the random generator", expected: "624 words and a position 0...624",
                got: "\(state.key.count) words and position \(state.position)")
        }
        words = state.key + [UInt32(state.position)]
        cachedGauss = state.cachedGauss
    }

    /// Calls `body` with the words and the cached Gauss value, valid during the call.
    mutating func withGenerator<Result>(
        _ body: (UnsafeMutablePointer<UInt32>, inout ck_gauss_cache) throws -> Result
    ) rethrows -> Result {
        var cache = ck_gauss_cache(value: cachedGauss ?? 0, present: cachedGauss == nil ? 0 : 1)
        defer { cachedGauss = cache.present == 0 ? nil : cache.value }
        return try words.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { mistake("a generator without a state") }
            return try body(base, &cache)
        }
    }

    /// The next 32 bits of the twister.
    package mutating func nextUInt32() -> UInt32 {
        withGenerator { words, _ in ck_mt_next32(words) }
    }
}

extension RandomState: RandomNumberGenerator {
    /// The next 64 bits, so that Swift's own `shuffled(using:)` and the like can draw from it.
    public mutating func next() -> UInt64 {
        withGenerator { words, _ in ck_mt_next64(words) }
    }
}
