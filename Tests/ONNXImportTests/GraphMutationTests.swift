import Foundation
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// Whole small models whose bytes, and whose graphs, are changed: typed errors, no trap, bounded memory and time.
@Suite("ONNX models that are changed")
struct GraphMutationTests {
    private static let models = ExportedModelTests.names.compactMap {
        FileManager.default.contents(atPath: "\(ExportedModelTests.folder)/\($0)/model.onnx")
    }.map { Array($0) }

    /// Opens a model and runs it on ones.
    private func run(_ bytes: [UInt8]) throws {
        let model = try ONNXModel(bytes: bytes, memoryLimit: 1 << 24)
        let budget = MemoryBudget(limit: 1 << 20)
        var inputs: [String: ONNXTensor] = [:]
        for input in model.inputs {
            let shape = input.shape?.map { $0 ?? 2 } ?? []
            if input.type == .string {
                let places = try ONNXTensor(.int64, shape, budget)
                inputs[input.name] = try ONNXTensor(
                    strings: Array(repeating: "red", count: places.count), shape: shape)
                continue
            }
            let ones = try ONNXTensor([1 as Float], shape: [], budget)
            inputs[input.name] = try ShapeKernels.expand(ones, shape, budget).cast(
                to: input.type ?? .float32, budget)
        }
        _ = try model.run(inputs)
    }

    @Test func mutatedFilesOfWholeModels() throws {
        try #require(Self.models.count > 10)
        let small = Self.models.filter { $0.count < 1 << 14 }
        let result = fuzz(small, seed: 17, words: OperatorRegistry.standard.names) { try run($0) }
        #expect(result.other == nil)
        #expect(result.refused > 100)
    }

    /// The file is a file still; its graph is another: other inputs, operators, attributes, lengths.
    @Test func mutatedGraphsOfWholeModels() throws {
        let trees = try Self.models.map { try Message.parsed($0, .model) }
        try #require(trees.count > 10)
        var random = SplitMix64(state: 19)
        var accepted = 0
        for round in 0..<max(mutationCount / 4, 400) {
            var tree = trees[round % trees.count]
            var names: [[UInt8]] = []
            tree.collectNames(&names)
            for _ in 0..<Int.random(in: 1...3, using: &random) { tree.change(names, &random) }
            let bytes = tree.bytes
            let start = ContinuousClock.now
            do {
                try run(bytes)
                accepted += 1
            } catch is DescentError {}
            #expect(ContinuousClock.now - start < .seconds(60), "round \(round)")
        }
        #expect(accepted > 10)
    }
}

/// A message in the wire format as a tree, as deep as graphs go.
private struct Message {
    enum Kind {
        case model, graph, node, attribute, tensor, value

        func inner(_ number: Int) -> Kind? {
            switch (self, number) {
            case (.model, 7), (.attribute, 6): .graph
            case (.graph, 1): .node
            case (.graph, 5), (.attribute, 5): .tensor
            case (.node, 5): .attribute
            default: nil
            }
        }
    }

    enum Field {
        case message(Int, Message)
        case bytes(Int, [UInt8])
        case number(Int, Int64)
        case other([UInt8])
    }

    var kind: Kind
    var fields: [Field] = []

    static func parsed(_ bytes: [UInt8], _ kind: Kind) throws -> Message {
        var message = Message(kind: kind)
        let map = FileMap(contents: bytes, path: "model")
        var reader = WireReader(map, 0..<bytes.count)
        var start = 0
        while let field = try reader.next() {
            if field.wire == 2 {
                let span = try reader.span(field)
                let body = Array(bytes[span])
                message.fields.append(
                    try kind.inner(field.number).map { .message(field.number, try parsed(body, $0)) }
                        ?? .bytes(field.number, body))
            } else if field.wire == 0 {
                message.fields.append(.number(field.number, try reader.integer(field)))
            } else {
                try reader.skip(field)
                message.fields.append(.other(Array(bytes[start..<reader.position])))
            }
            start = reader.position
        }
        return message
    }

    var bytes: [UInt8] {
        fields.flatMap { field -> [UInt8] in
            switch field {
            case .message(let number, let message): Wire.field(UInt64(number), message.bytes)
            case .bytes(let number, let bytes): Wire.field(UInt64(number), bytes)
            case .number(let number, let value): Wire.number(UInt64(number), UInt64(bitPattern: value))
            case .other(let bytes): bytes
            }
        }
    }

    /// The names of all tensors that nodes take or give.
    func collectNames(_ names: inout [[UInt8]]) {
        for field in fields {
            if case .message(_, let inner) = field { inner.collectNames(&names) }
            if kind == .node, case .bytes(let number, let name) = field, number <= 2 { names.append(name) }
        }
    }

    private static let numbers: [Int64] = [
        -2, -1, 0, 1, 2, 3, 5, 7, 16, 255, 1 << 20, 1 << 31, 1 << 40, 1 << 62, .max, .min,
    ]

    /// Changes one field somewhere below.
    mutating func change(_ names: [[UInt8]], _ random: inout SplitMix64) {
        let inner = fields.indices.filter {
            if case .message = fields[$0] { return true }
            return false
        }
        // A node is changed itself as often as one of its attributes.
        let goesOn = kind == .model || kind == .graph || Bool.random(using: &random)
        if goesOn, let at = inner.randomElement(using: &random),
            case .message(let number, var message) = fields[at]
        {
            switch kind == .graph ? Int.random(in: 0..<12, using: &random) : 11 {
            case 0: fields.remove(at: at)
            case 1: fields.append(fields[at])
            default:
                message.change(names, &random)
                fields[at] = .message(number, message)
            }
            return
        }
        guard let at = fields.indices.randomElement(using: &random) else { return }
        switch fields[at] {
        case .number(let number, let old):
            let fresh = Self.numbers.randomElement(using: &random) ?? 0
            fields[at] = .number(number, Bool.random(using: &random) ? fresh : old &+ fresh)
        case .bytes(let number, var bytes):
            if kind == .node, number <= 2 {
                bytes =
                    Int.random(in: 0..<8, using: &random) == 0
                    ? [] : names.randomElement(using: &random) ?? []
            } else if kind == .node, number == 4 {
                let all = OperatorRegistry.standard.names.filter { !$0.contains(".") }
                bytes = Array((all.randomElement(using: &random) ?? "").utf8)
            } else if !bytes.isEmpty {
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
            }
            fields[at] = .bytes(number, bytes)
        case .message, .other: break
        }
    }
}
