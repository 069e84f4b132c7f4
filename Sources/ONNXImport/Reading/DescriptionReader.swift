import Support

/// The reading of descriptions, message by message. The numbers are those of onnx.proto.
extension WireReader {
    /// The most graphs in one another's nodes.
    static let deepestGraph = 16

    mutating func model() throws -> ModelDescription {
        var model = ModelDescription()
        while let field = try next() {
            switch field.number {
            case 1: model.irVersion = try integer(field)
            case 2: model.producer = try text(field)
            case 3: model.producerVersion = try text(field)
            case 7:
                var inner = try message(field)
                guard model.graph == nil else { throw fault("two graphs") }
                model.graph = try inner.graph(depth: 0)
            case 8:
                let (domain, version) = try opset(field)
                model.opsets[domain] = version
            case 14:
                var inner = try message(field)
                let (key, value) = try inner.entry()
                model.metadata[key] = value
            case 25:
                var inner = try message(field)
                model.functions.append(try inner.function())
            default: try skip(field)
            }
        }
        return model
    }

    private mutating func opset(_ field: Field) throws -> (String, Int) {
        var inner = try message(field)
        var domain = ""
        var version: Int64 = 0
        while let field = try inner.next() {
            switch field.number {
            case 1: domain = try inner.text(field)
            case 2: version = try inner.integer(field)
            default: try inner.skip(field)
            }
        }
        guard let version = Int(exactly: version) else { throw fault("an opset without a version") }
        return (domain == "ai.onnx" ? "" : domain, version)
    }

    private mutating func entry() throws -> (String, String) {
        var key = ""
        var value = ""
        while let field = try next() {
            switch field.number {
            case 1: key = try text(field)
            case 2: value = try text(field)
            default: try skip(field)
            }
        }
        return (key, value)
    }

    private mutating func function() throws -> FunctionDescription {
        var function = FunctionDescription()
        while let field = try next() {
            switch field.number {
            case 1: function.name = try text(field)
            case 4: function.inputs.append(try text(field))
            case 5: function.outputs.append(try text(field))
            case 7:
                var inner = try message(field)
                function.nodes.append(try inner.node(depth: 1))
            case 9:
                let (domain, version) = try opset(field)
                function.opsets[domain] = version
            case 10: function.domain = try text(field)
            case 11:
                var inner = try message(field)
                let (name, value) = try inner.attribute(depth: 1)
                function.defaults[name] = value
            default: try skip(field)
            }
        }
        return function
    }

    private mutating func graph(depth: Int) throws -> GraphDescription {
        guard depth < Self.deepestGraph else {
            throw fault("graphs in graphs, more than \(Self.deepestGraph) deep")
        }
        var graph = GraphDescription()
        while let field = try next() {
            switch field.number {
            case 1:
                var inner = try message(field)
                graph.nodes.append(try inner.node(depth: depth))
            case 2: graph.name = try text(field)
            case 5:
                var inner = try message(field)
                graph.initializers.append(try inner.tensor())
            case 11:
                var inner = try message(field)
                graph.inputs.append(try inner.value())
            case 12:
                var inner = try message(field)
                graph.outputs.append(try inner.value())
            case 13:
                var inner = try message(field)
                graph.values.append(try inner.value())
            case 15:
                graph.hasSparseInitializers = true
                try skip(field)
            default: try skip(field)
            }
        }
        return graph
    }

    private mutating func node(depth: Int) throws -> NodeDescription {
        var node = NodeDescription()
        while let field = try next() {
            switch field.number {
            case 1: node.inputs.append(try text(field))
            case 2: node.outputs.append(try text(field))
            case 3: node.name = try text(field)
            case 4: node.type = try text(field)
            case 5:
                var inner = try message(field)
                let (name, value) = try inner.attribute(depth: depth)
                guard node.attributes.updateValue(value, forKey: name) == nil else {
                    throw fault("the attribute '\(name)' twice in one node")
                }
            case 7:
                node.domain = try text(field)
                if node.domain == "ai.onnx" { node.domain = "" }
            default: try skip(field)
            }
        }
        return node
    }

    private mutating func attribute(depth: Int) throws -> (String, AttributeDescription) {
        var name = ""
        var type: Int64 = 0
        var value: AttributeDescription?
        var reference = ""
        var floats: [Float] = []
        var integers: [Int64] = []
        var texts: [String] = []
        while let field = try next() {
            switch field.number {
            case 1: name = try text(field)
            case 2: value = .float(try single(field))
            case 3: value = .integer(try integer(field))
            case 4: value = .text(try looseText(field))
            case 5:
                var inner = try message(field)
                value = .tensor(try inner.tensor())
            case 6:
                var inner = try message(field)
                value = .graph(try inner.graph(depth: depth + 1))
            case 7: try fixed(field, to: &floats)
            case 8: try self.integers(field, to: &integers)
            case 9: texts.append(try looseText(field))
            case 20: type = try integer(field)
            case 21: reference = try text(field)
            default: try skip(field)
            }
        }
        if !reference.isEmpty { return (name, .reference(reference)) }
        // A value of zero or an empty list may not be written at all: the type says what it is.
        switch type {
        case 1: return (name, value ?? .float(0))
        case 2: return (name, value ?? .integer(0))
        case 3: return (name, value ?? .text(""))
        case 6: return (name, .floats(floats))
        case 7: return (name, .integers(integers))
        case 8: return (name, .texts(texts))
        default: break
        }
        if let value { return (name, value) }
        if !floats.isEmpty { return (name, .floats(floats)) }
        if !integers.isEmpty { return (name, .integers(integers)) }
        return (name, texts.isEmpty ? .other : .texts(texts))
    }

    /// A value that is bytes, as a rule a text.
    private mutating func looseText(_ field: Field) throws -> String {
        String(decoding: map.bytes[try span(field)], as: UTF8.self)
    }

    private mutating func value() throws -> ValueDescription {
        var value = ValueDescription()
        while let field = try next() {
            switch field.number {
            case 1: value.name = try text(field)
            case 2:
                var type = try message(field)
                while let field = try type.next() {
                    guard field.number == 1 else {
                        try type.skip(field)
                        continue
                    }
                    var tensor = try type.message(field)
                    try tensor.tensorType(of: &value)
                }
            default: try skip(field)
            }
        }
        return value
    }

    private mutating func tensorType(of value: inout ValueDescription) throws {
        while let field = try next() {
            switch field.number {
            case 1: value.type = Int32(truncatingIfNeeded: try integer(field))
            case 2:
                var shape = try message(field)
                var axes: [AxisDescription] = []
                while let field = try shape.next() {
                    guard field.number == 1 else {
                        try shape.skip(field)
                        continue
                    }
                    var inner = try shape.message(field)
                    axes.append(try inner.axis())
                }
                value.axes = axes
            default: try skip(field)
            }
        }
    }

    private mutating func axis() throws -> AxisDescription {
        var axis = AxisDescription.unknown
        while let field = try next() {
            switch field.number {
            case 1: axis = .length(try integer(field))
            case 2: axis = .name(try text(field))
            default: try skip(field)
            }
        }
        return axis
    }

    mutating func tensor() throws -> TensorDescription {
        var tensor = TensorDescription()
        while let field = try next() {
            switch field.number {
            case 1: try integers(field, to: &tensor.dimensions)
            case 2: tensor.type = Int32(truncatingIfNeeded: try integer(field))
            case 3:
                tensor.isSegment = true
                try skip(field)
            case 4: try fixed(field, to: &tensor.floats)
            case 5: try integers(field, to: &tensor.integers)
            case 6: tensor.texts.append(try looseText(field))
            case 7, 11: try integers(field, to: &tensor.longs)
            case 8: tensor.name = try text(field)
            case 9: tensor.raw = try span(field)
            case 10: try fixed(field, to: &tensor.doubles)
            case 13:
                var inner = try message(field)
                let (key, value) = try inner.entry()
                tensor.external[key] = value
            case 14: tensor.isExternal = try integer(field) == 1
            default: try skip(field)
            }
        }
        return tensor
    }
}
