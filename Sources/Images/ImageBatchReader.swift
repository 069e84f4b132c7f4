import Arrays
import Dispatch
import Support
import Synchronization

/// Reading of many image files on several threads: results in the order of the files, memory of one picture for each thread.
///
/// ```swift
/// let reader = ImageBatchReader()
/// let target = ImageTarget(height: 64, width: 64, color: .rgb)
/// let pixels = try reader.images(at: paths, to: target)                 // [N, 64, 64, 3]
/// let unreadable = try reader.read(paths, to: target, into: cache, skippingUnreadable: true) { done in print(done) }
/// ```
public struct ImageBatchReader: Sendable {
    /// A file that could not be read.
    package struct Failure: Sendable, Equatable {
        /// Its place among the paths, from 0.
        package let index: Int
        /// Why.
        package let error: DescentError
    }

    /// How each file is decoded.
    package var decoder: ImageDecoder
    /// The number of threads that decode. The results do not depend on it.
    package var threadCount: Int

    /// Creates a reader; by default with as many threads as compute elsewhere.
    ///
    /// - Precondition: at least one thread.
    public init(decoder: ImageDecoder = ImageDecoder(), threadCount: Int = Threads.count) {
        require(threadCount > 0, "at least one thread reads, not \(threadCount)")
        (self.decoder, self.threadCount) = (decoder, threadCount)
    }

    /// Decodes the files to the target's size and channels: `[N, H, W]` or `[N, H, W, 3]`.
    ///
    /// - Throws: the error of the first file, in the order of the paths, that cannot be read.
    public func images(at paths: [String], to target: ImageTarget, cancellation: Cancellation? = nil) throws
        -> NDArray<UInt8>
    {
        try NDArray(shape: [paths.count] + target.shape) { pixels in
            _ = try read(paths, to: target, into: pixels, cancellation: cancellation)
        }
    }

    /// Decodes the files to the target's size and channels into `pixels`, one after another.
    ///
    /// - Parameters:
    ///   - pixels: room for `paths.count` pictures of the target's `byteCount`; a mapped cache will do. The place of a file
    ///     that cannot be read is zeroed.
    ///   - skippingUnreadable: whether to go on after a file that cannot be read.
    ///   - cancellation: stops the work between two files.
    ///   - progress: called with the number of files that are done, one call after another, on any thread.
    ///   - paths: the files.
    ///   - target: the size and the kind of the images.
    /// - Returns: the files that could not be read, in order; none unless `skippingUnreadable`.
    /// - Throws: the error of the first file, in the order of the paths, that cannot be read; `interrupted` when it is
    ///   cancelled.
    /// - Precondition: such a room.
    package func read(
        _ paths: [String], to target: ImageTarget, into pixels: UnsafeMutableBufferPointer<UInt8>,
        skippingUnreadable: Bool = false, cancellation: Cancellation? = nil,
        progress: (@Sendable (_ done: Int) -> Void)? = nil
    ) throws -> [Failure] {
        let size = target.byteCount
        require(
            pixels.count == paths.count * size,
            "\(pixels.count) bytes for \(paths.count) pictures of \(size)")
        let places = Places(pixels: pixels, size: size)
        let failures = try forEach(paths, cancellation, progress, goesOn: skippingUnreadable) {
            index, space in
            let place = places[index]
            do {
                let bytes = try space.contents(of: paths[index], limit: decoder.maximumBytes)
                try decoder.decode(bytes, to: target, into: place, name: paths[index], space)
            } catch {
                place.update(repeating: 0)
                throw error
            }
        }
        if let first = failures.first, !skippingUnreadable { throw first.error }
        return failures
    }

    /// Looks at the files without keeping their pixels: header, digest and perceptual hash of each, which shows that it can be
    /// decoded.
    ///
    /// - Returns: for each path what was found, or why it cannot be read.
    /// - Throws: `interrupted` when it is cancelled.
    package func surveys(
        of paths: [String], cancellation: Cancellation? = nil,
        progress: (@Sendable (_ done: Int) -> Void)? = nil
    ) throws -> [Result<ImageSurvey, DescentError>] {
        let found = Mutex([ImageSurvey?](repeating: nil, count: paths.count))
        let failures = try forEach(paths, cancellation, progress, goesOn: true) { index, space in
            let survey = try ImageSurvey(contentsOf: paths[index], decoder, space)
            found.withLock { $0[index] = survey }
        }
        var errors = failures[...]
        return found.withLock { surveys in
            surveys.enumerated().map { index, survey in
                if let survey { return .success(survey) }
                // Whatever has no survey has failed, and both are in order.
                return .failure(
                    errors.popFirst()?.error ?? DescentError(.inputOutput, "not read", at: paths[index]))
            }
        }
    }

    /// Calls `body` for each file, on several threads.
    ///
    /// Files are taken in order, so when one fails and the work ends there, all before it have been read.
    ///
    /// `goesOn`: whether the files after one that failed are read too. `body`: gets the index and the thread's working memory.
    private func forEach(
        _ paths: [String], _ cancellation: Cancellation?, _ progress: (@Sendable (Int) -> Void)?,
        goesOn: Bool, _ body: @Sendable (Int, DecodingSpace) throws -> Void
    ) throws -> [Failure] {
        let next = Atomic(0)
        // The first file that failed, where the work ends with it.
        let end = Atomic(paths.count)
        let failures = Mutex<[Failure]>([])
        let done = Mutex(0)
        DispatchQueue.concurrentPerform(iterations: min(threadCount, max(1, paths.count))) { _ in
            let space = DecodingSpace()
            while cancellation?.isCancelled != true {
                let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard index < end.load(ordering: .relaxed) else { return }
                do {
                    try body(index, space)
                } catch {
                    let failure = Failure(index: index, error: Self.typed(error, paths[index]))
                    failures.withLock { $0.append(failure) }
                    if !goesOn { end.min(index, ordering: .relaxed) }
                }
                if let progress {
                    done.withLock {
                        $0 += 1
                        progress($0)
                    }
                }
            }
        }
        try Cancellation.check(cancellation)
        return failures.withLock { $0.sorted { $0.index < $1.index } }
    }

    /// Room for pictures one after another. Each index is one thread's at a time.
    private struct Places: @unchecked Sendable {
        let pixels: UnsafeMutableBufferPointer<UInt8>
        let size: Int

        subscript(index: Int) -> UnsafeMutableBufferPointer<UInt8> {
            UnsafeMutableBufferPointer(rebasing: pixels[index * size..<(index + 1) * size])
        }
    }

    private static func typed(_ error: any Error, _ path: String) -> DescentError {
        error as? DescentError ?? DescentError(.inputOutput, "cannot read: \(error)", at: path)
    }
}
