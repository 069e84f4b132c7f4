import CKernels
import COpenBLAS
import Dispatch
import Glibc
import Support
import Synchronization
import TestSupport
import Testing

@testable import Arrays

/// What is chosen by the processor's features: each choice must be right on every machine, so the ways not taken here
/// are called by name.
@Suite("Choices by the processor's features")
struct ProcessorChoiceTests {
    private func betterOpenBLASCore(_ taken: String, _ bits: Int32, _ isAMD: Bool) -> String? {
        ck_better_openblas_core(taken, bits, isAMD ? 1 : 0).map { String(cString: $0) }
    }

    /// FAULTS A6: family 6, model 207 got "Prescott" from OpenBLAS 0.3.21.
    @Test(
        "OpenBLAS's kernels are replaced where the processor can do more",
        arguments: [
            ("Prescott", 512, false, "SkylakeX"), ("Prescott", 256, false, "Haswell"),
            ("Nehalem", 256, true, "Zen"), ("Zen", 512, true, "SkylakeX"),
            ("Haswell", 512, false, "SkylakeX"),
            ("Sandybridge", 256, false, "Haswell"), ("Barcelona", 256, true, "Zen"),
        ] as [(String, Int32, Bool, String)])
    func betterCore(taken: String, bits: Int32, isAMD: Bool, better: String) {
        #expect(betterOpenBLASCore(taken, bits, isAMD) == better)
    }

    @Test(
        "A good choice, and a processor without AVX2, are left alone",
        arguments: [
            ("SkylakeX", 512, false), ("Cooperlake", 512, true), ("SapphireRapids", 512, false),
            ("Haswell", 256, false), ("Zen", 256, true), ("SkylakeX", 256, false), ("Nehalem", 0, false),
            ("Prescott", 0, false), ("ARMV8", 0, false),
        ] as [(String, Int32, Bool)])
    func goodCore(taken: String, bits: Int32, isAMD: Bool) {
        #expect(betterOpenBLASCore(taken, bits, isAMD) == nil)
    }

    /// What the choice came to in this process: nothing better is left to choose, and the environment is as it was.
    @Test("OpenBLAS runs kernels that suit this processor, and its variable is not in the environment")
    func chosenCore() throws {
        // The kernel keeps the environment that the program was started with: a user's choice stands.
        let start = try Files.read("/proc/self/environ", limit: 1 << 24).split(separator: 0)
        let isUsers = start.contains { $0.starts(with: "OPENBLAS_CORETYPE=".utf8) }
        #expect((getenv("OPENBLAS_CORETYPE") != nil) == isUsers)
        let processor = ck_this_processor().pointee
        let taken = String(cString: try #require(openblas_get_corename()))
        let isDynamic = String(cString: try #require(openblas_get_config())).contains("DYNAMIC_ARCH")
        if isDynamic, !isUsers {
            #expect(
                betterOpenBLASCore(taken, processor.vector_bits, processor.is_amd != 0) == nil, "\(taken)")
        }
    }

    /// Readers on four threads, while a variable comes and goes two thousand times, find what they look for.
    @Test(
        "A variable that is there for a moment disturbs nobody who reads the environment",
        .timeLimit(.minutes(2)))
    func momentaryVariable() throws {
        try #require(getenv("PATH") != nil && getenv("DESCENT_MOMENTARY") == nil)
        let path = String(cString: getenv("PATH"))
        Momentary.isOver.store(false, ordering: .sequentiallyConsistent)
        Momentary.seen.store(0, ordering: .sequentiallyConsistent)
        let misses = Mutex(0)
        let group = DispatchGroup()
        for _ in 0..<4 {
            DispatchQueue.global().async(group: group) {
                while !Momentary.isOver.load(ordering: .sequentiallyConsistent) {
                    let found = getenv("PATH").map { strcmp($0, path) == 0 } ?? false
                    let other = getenv("DESCENT_MOMENTARY").map { strcmp($0, "here") == 0 } ?? true
                    if !found || !other { misses.withLock { $0 += 1 } }
                }
            }
        }
        let rounds = 2_000
        for _ in 0..<rounds {
            let done = ck_with_variable("DESCENT_MOMENTARY=here") {
                if let value = getenv("DESCENT_MOMENTARY"), strcmp(value, "here") == 0 {
                    Momentary.seen.add(1, ordering: .sequentiallyConsistent)
                }
            }
            #expect(done == CK_OK)
        }
        Momentary.isOver.store(true, ordering: .sequentiallyConsistent)
        group.wait()
        #expect(misses.withLock { $0 } == 0)
        #expect(Momentary.seen.load(ordering: .sequentiallyConsistent) == rounds)
        #expect(getenv("DESCENT_MOMENTARY") == nil && getenv("PATH").map { String(cString: $0) } == path)
    }

    /// What a C function without a context can reach.
    private enum Momentary {
        static let isOver = Atomic(false)
        static let seen = Atomic(0)
    }

    /// The oracle is Swift's own sort. Rows of every way: inserted, merged, by bytes.
    @Test("Sorting by bytes, which AMD's processors with AVX-512 do, is right on every processor")
    func byBytes() {
        var random = SplitMix64(state: 7)
        for count in [0, 1, 2, 15, 16, 17, 255, 256, 257, 3_000, 70_000] {
            var words = (0..<count).map { _ in Int32.random(in: .min ... .max, using: &random) }
            let sortedWords = words.sorted()
            var scratch32 = words
            ck_radix_i32(&words, count, &scratch32)
            #expect(words == sortedWords, "\(count)")
            // Few different keys: the places decide.
            var placed = (0..<count).map { UInt64.random(in: 0..<9, using: &random) << 32 | UInt64($0) }
            let sortedPlaced = placed.sorted()
            var scratch64 = placed
            ck_radix_placed(&placed, count, &scratch64)
            #expect(placed == sortedPlaced, "\(count)")
            var long = (0..<count).map { _ in Int64.random(in: .min ... .max, using: &random) }
            let sortedLong = long.sorted()
            var scratchLong = long
            ck_radix_i64(&long, count, &scratchLong)
            #expect(long == sortedLong, "\(count)")
        }
    }

    @Test("A long row is sorted alike on one thread and on many, and as Swift sorts it")
    func longRows() {
        var random = SplitMix64(state: 8)
        let elements = (0..<300_001).map { _ in Float(Int32.random(in: -50_000...50_000, using: &random)) / 7
        }
        let oracle = elements.sorted()
        let places = (0..<elements.count).sorted { (elements[$0], $0) < (elements[$1], $1) }
        let before = Threads.count
        defer { Threads.setCount(before) }
        for threads in [1, 2, 3, 7] {
            Threads.setCount(threads)
            #expect(NDArray(elements).sorted().elements == oracle, "\(threads) threads")
            #expect(NDArray(elements).argSorted().elements == places, "\(threads) threads")
        }
        let doubles = elements.map(Double.init) + [.nan, -0.0, 0.0, -.infinity, .infinity, -.nan]
        let got = NDArray(doubles).sorted().elements
        #expect(got.prefix(doubles.count - 2).elementsEqual(doubles.filter { !$0.isNaN }.sorted()))
        #expect(got.suffix(2).count { $0.isNaN } == 2)
    }
}
