import Arrays
import Support

/// The roofline of a machine: its peak arithmetic and memory bandwidth, as this project's own kernels reach them.
///
/// A piece of work of F operations that moves B bytes takes at least max(F / peak, B / bandwidth).
///
/// Source: Williams, Waterman and Patterson 2009, "Roofline: an insightful visual performance model".
public struct Roofline: Equatable, Sendable {
    /// The floating-point operations per second of a large matrix product.
    public var peak: Double
    /// The bytes per second to and from memory, of arrays that no cache holds.
    public var bandwidth: Double

    /// Creates a roofline from its two figures.
    package init(peak: Double, bandwidth: Double) {
        self.peak = peak
        self.bandwidth = bandwidth
    }

    /// Returns the least seconds that some work takes.
    package func seconds(operations: Double, bytes: Double) -> Double {
        max(operations / peak, bytes / bandwidth)
    }

    /// Measures this machine, now: the best of what was reached in two times `seconds`.
    ///
    /// A busy machine gives less than an idle one; so it does for what is compared with it.
    public static func measure(seconds: Double = 0.25) -> Roofline {
        let size = 1024
        let a = [Float](repeating: 0.5, count: size * size)
        var c = [Float](repeating: 0, count: size * size)
        let product = best(of: seconds) {
            a.withUnsafeBufferPointer { a in
                c.withUnsafeMutableBufferPointer { c in
                    guard let a = a.baseAddress, let c = c.baseAddress else { return }
                    Float.multiplyMatrices(false, false, size, size, size, a, size, a, size, c)
                }
            }
        }
        // Two arrays of 64 MB: one is read, the other read and written.
        let count = 1 << 24
        let added = NDArray<Float>(shape: [count], repeating: 1)
        var sum = NDArray<Float>(shape: [count], repeating: 0)
        let addition = best(of: seconds) { sum += added }
        return Roofline(
            peak: 2 * Double(size * size * size) / product, bandwidth: 3 * 4 * Double(count) / addition)
    }

    /// Returns the seconds of the fastest of as many calls as fit in `limit`, five at least.
    private static func best(of limit: Double, _ work: () -> Void) -> Double {
        let clock = ContinuousClock()
        let start = clock.now
        var (best, calls) = (Double.infinity, 0)
        while calls < 5 || (clock.now - start).inSeconds < limit {
            best = min(best, clock.measure(work).inSeconds)
            calls += 1
        }
        return best
    }
}
