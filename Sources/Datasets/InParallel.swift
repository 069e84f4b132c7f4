import CKernels
import Synchronization

/// Returns the results of `jobs`, run at once on the threads of the pool; the first error, by the order of the jobs.
func inParallel<Result: Sendable>(_ jobs: [@Sendable () throws -> Result]) throws -> [Result] {
    let board = JobBoard(jobs)
    // The pool calls back before ck_parallel returns, and `board` lives until then.
    withExtendedLifetime(board) {
        ck_parallel(
            Int32(jobs.count),
            { context, part in
                guard let context else { return }
                Unmanaged<AnyJobBoard>.fromOpaque(context).takeUnretainedValue().run(Int(part))
            }, Unmanaged<AnyJobBoard>.passUnretained(board).toOpaque())
    }
    return try board.results.withLock { results in try results.compactMap { try $0?.get() } }
}

/// A class without type parameters, which a C callback can name.
private class AnyJobBoard {
    func run(_ part: Int) {}
}

private final class JobBoard<Value: Sendable>: AnyJobBoard {
    let jobs: [@Sendable () throws -> Value]
    let results: Mutex<[Result<Value, any Error>?]>

    init(_ jobs: [@Sendable () throws -> Value]) {
        self.jobs = jobs
        results = Mutex(Array(repeating: nil, count: jobs.count))
    }

    override func run(_ part: Int) {
        let result = Result { try jobs[part]() }
        results.withLock { $0[part] = result }
    }
}
