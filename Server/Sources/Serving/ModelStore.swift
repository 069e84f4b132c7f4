import Descent
import Foundation
import Logging
import Synchronization

/// The models that are served, by their names; a folder that changes replaces its model without a dropped request.
public final class ModelStore: Sendable {
    /// A model with its queue: requests that have begun keep it, whatever replaces it meanwhile.
    public struct Entry: Sendable {
        /// The model.
        public let model: ServedModel
        /// Its queue.
        public let batcher: ModelBatcher
        fileprivate let state: FolderState
    }

    private let entries: Mutex<[String: Entry]>
    private let refused = Mutex<[String: FolderState]>([:])
    private let delay: Duration
    private let metrics: ServingMetrics
    private let logger: Logger

    /// Loads the models of some folders and ONNX files; a name is the last component, without `.onnx`, and a number is added to one that
    /// is taken.
    ///
    /// - Throws: as `ServedModel.init`.
    public init(folders: [String], delay: Duration = .zero, metrics: ServingMetrics, logger: Logger) throws {
        (self.delay, self.metrics, self.logger) = (delay, metrics, logger)
        var entries: [String: Entry] = [:]
        for argument in folders {
            let (usual, path) = Self.nameAndPath(argument)
            var (name, number) = (usual, 2)
            while entries[name] != nil {
                name = "\(usual)-\(number)"
                number += 1
            }
            entries[name] = try Self.entry(name, path, 1, delay)
        }
        self.entries = Mutex(entries)
    }

    private static func entry(_ name: String, _ path: String, _ version: Int, _ delay: Duration) throws
        -> Entry
    {
        // Looked at before it is read: what changes meanwhile is seen the next time.
        let state = FolderState(path)
        let model = try ServedModel(name: name, path: path, version: version)
        let batcher = ModelBatcher(
            model.model.classifier, operations: model.model.operationCount, delay: delay)
        return Entry(model: model, batcher: batcher, state: state)
    }

    /// NAME=FOLDER apart; a folder that is called so as a whole is one.
    private static func nameAndPath(_ argument: String) -> (name: String, path: String) {
        guard !FileManager.default.fileExists(atPath: argument), let sign = argument.firstIndex(of: "="),
            sign != argument.startIndex, !argument[..<sign].contains("/")
        else { return (name(of: argument), argument) }
        return (safe(String(argument[..<sign])), String(argument[argument.index(after: sign)...]))
    }

    private static func safe(_ name: String) -> String {
        let usual = name.map { $0.isLetter || $0.isNumber || "-_.".contains($0) ? $0 : "-" }
        return usual.isEmpty ? "model" : String(usual)
    }

    private static func name(of path: String) -> String {
        let last = URL(fileURLWithPath: path).resolvingSymlinksInPath().lastPathComponent
        return safe(last.lowercased().hasSuffix(".onnx") ? String(last.dropLast(5)) : last)
    }

    /// The names, sorted.
    public var names: [String] { entries.withLock { $0.keys.sorted() } }

    /// Returns a model by its name; the only one for nil.
    ///
    /// - Throws: `ServingError` 404, and 400 where one of several must be named.
    public func entry(named name: String?, version: String? = nil) throws(ServingError) -> Entry {
        let all = entries.withLock(\.self)
        let found: Entry
        if let name {
            guard let entry = all[name] else { throw ServingError(404, "there is no model '\(name)'") }
            found = entry
        } else {
            guard all.count == 1, let entry = all.first?.value else {
                throw ServingError(400, "which model? \(all.keys.sorted().joined(separator: ", "))")
            }
            found = entry
        }
        guard version == nil || version == "\(found.model.version)" else {
            throw ServingError(404, "model '\(found.model.name)' has version \(found.model.version) only")
        }
        return found
    }

    /// Loads the models whose folders have changed; one that does not prove itself is refused once, and the old one stays.
    public func reloadChanged() {
        for (name, old) in entries.withLock(\.self) {
            let state = FolderState(old.model.path)
            guard state != old.state, state != refused.withLock({ $0[name] }), state.isComplete else {
                continue
            }
            do {
                let new = try Self.entry(name, old.model.path, old.model.version + 1, delay)
                entries.withLock { $0[name] = new }
                refused.withLock { $0[name] = nil }
                metrics.reloaded(name, isRefused: false)
                logger.info(
                    "model loaded anew", metadata: ["model": "\(name)", "version": "\(new.model.version)"])
            } catch {
                refused.withLock { $0[name] = state }
                metrics.reloaded(name, isRefused: true)
                logger.error(
                    "changed model refused; the old one stays",
                    metadata: ["model": "\(name)", "error": "\(error)"])
            }
        }
    }
}

/// What tells a changed folder or file: the files' sizes and times, and where a link points to.
private struct FolderState: Equatable, Sendable {
    private var files: [String: [Int]] = [:]
    private var target = ""

    /// Whether it is a model at all: one that is being replaced is gone for a moment.
    var isComplete: Bool { ["model.json", "config.json", ""].contains { files[$0] != nil } }

    init(_ path: String) {
        target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        let manager = FileManager.default
        var isFolder = ObjCBool(false)
        if manager.fileExists(atPath: target, isDirectory: &isFolder), !isFolder.boolValue {
            files[""] = Self.state(of: target)
        }
        for name in (try? manager.contentsOfDirectory(atPath: target)) ?? [] {
            files[name] = Self.state(of: "\(target)/\(name)")
        }
    }

    private static func state(of file: String) -> [Int]? {
        var status = stat()
        guard stat(file, &status) == 0 else { return nil }
        return [Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec, Int(status.st_ino)]
    }
}
