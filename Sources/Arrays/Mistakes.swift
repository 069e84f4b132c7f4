import CKernels
import Glibc
import Support

/// Ends the program, in NumPy's words, when an array would have more axes than the kernels support.
@usableFromInline @inline(__always)
package func requireSupported(dimensions: Int) {
    // CK_MAX_DIMENSIONS, which inlinable code cannot name.
    require(
        dimensions <= 64, "maximum supported dimension for an ndarray is currently 64, found \(dimensions)")
}

/// Ends the program when the system is out of memory: that is not a caller's mistake, so it does not trap. Creating an
/// array cannot throw, because every expression would have to; the exit code is EX_OSERR of sysexits.h.
@usableFromInline @inline(never)
func outOfMemory(_ bytes: Int) -> Never {
    let message = Array(
        "error: unable to allocate \(bytes) bytes for an array: the system has no more memory\n".utf8)
    _ = message.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
    _exit(71)
}

/// Ends the program with the reason if a kernel has failed at `work`: "HOG of [2, 28, 28] images: not enough memory".
package func requireDone(_ status: ck_status, _ work: @autoclosure () -> String) {
    guard status != CK_OK else { return }
    let reason =
        switch status {
        case CK_NO_MEMORY: "not enough memory"
        case CK_TOO_LARGE: "more than the kernel counts"
        case CK_NOT_FINITE: "a number that is infinite or NaN"
        case CK_BUSY: "another thread is at it"
        case CK_UNSUPPORTED: "oneDNN has no implementation"
        default: "oneDNN has failed"
        }
    mistake("\(work()): \(reason)")
}
