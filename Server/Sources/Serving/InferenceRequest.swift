/// A request for inference: the input tensors, and what is asked of the outputs.
public struct InferenceRequest: Sendable, Equatable {
    /// What is asked of one output.
    public struct Output: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// How many classes are wanted, as "value:index:label" texts, best first; nil for the tensor itself.
        public var classification: Int?
        /// Whether it travels as bytes after the JSON; nil where the request does not say.
        public var isBinary: Bool?

        /// Creates a wish for an output.
        public init(name: String, classification: Int? = nil, isBinary: Bool? = nil) {
            (self.name, self.classification, self.isBinary) = (name, classification, isBinary)
        }
    }

    /// The client's name for the request, which the answer repeats.
    public var id: String?
    /// The input tensors.
    public var inputs: [Tensor]
    /// The outputs that are wanted; all when empty.
    public var outputs: [Output]
    /// Whether all outputs travel as bytes unless one says otherwise.
    public var isBinary: Bool

    /// Creates a request.
    public init(id: String? = nil, inputs: [Tensor], outputs: [Output] = [], isBinary: Bool = false) {
        (self.id, self.inputs, self.outputs, self.isBinary) = (id, inputs, outputs, isBinary)
    }

    /// Reads a request: JSON, and behind its `headerLength` bytes the tensors that travel as bytes.
    ///
    /// `headerLength`: the value of `Inference-Header-Content-Length`; nil where all is JSON.
    ///
    /// - Throws: `ServingError` 400 that says where.
    /// - Complexity: O(bytes).
    public init(reading body: UnsafeRawBufferPointer, headerLength: Int?) throws(ServingError) {
        let length = headerLength ?? body.count
        guard (0...body.count).contains(length) else {
            throw ServingError(
                400, "Inference-Header-Content-Length is \(length), and the body has \(body.count) bytes")
        }
        let parsed = UnsafeRawBufferPointer(rebasing: body[..<length]).withMemoryRebound(to: UInt8.self) {
            bytes -> Result<InferenceRequestText, ServingError> in
            var scanner = JSONScanner(bytes)
            do throws(JSONScanner.Fault) {
                return .success(try InferenceRequestText(&scanner))
            } catch {
                return .failure(
                    ServingError(400, "the request is not the JSON of an inference request: \(error.message)")
                )
            }
        }
        let text = try parsed.get()
        self.init(id: text.id, inputs: [], outputs: text.outputs, isBinary: text.isBinary)
        var rest = UnsafeRawBufferPointer(rebasing: body[length...])
        for input in text.inputs { inputs.append(try input.tensor(taking: &rest)) }
        guard rest.isEmpty else {
            throw ServingError(400, "\(rest.count) bytes after those that the inputs' binary_data_size name")
        }
        guard !inputs.isEmpty else { throw ServingError(400, "the request has no inputs") }
    }
}

/// The JSON of a request, before its tensors are complete.
struct InferenceRequestText {
    struct Input {
        var name: String?
        var datatype: TensorDatatype?
        var shape: [Int]?
        var binarySize: Int?
        /// The elements that stand in the JSON: numbers, or texts.
        var numbers: [Double]?
        var bytes: [UInt8]?
        var texts: [String]?
    }

    var id: String?
    var inputs: [Input] = []
    var outputs: [InferenceRequest.Output] = []
    var isBinary = false

    init(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
        var (id, inputs, outputs, isBinary) = (String?.none, [Input](), [InferenceRequest.Output](), false)
        try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
            switch name {
            case "id": id = try scanner.string()
            case "inputs":
                try scanner.array { (scanner) throws(JSONScanner.Fault) in
                    guard inputs.count < 4_096 else { throw scanner.fault("more than 4,096 inputs") }
                    inputs.append(try Self.input(&scanner))
                }
            case "outputs":
                try scanner.array { (scanner) throws(JSONScanner.Fault) in
                    guard outputs.count < 64 else { throw scanner.fault("more than 64 outputs") }
                    outputs.append(try Self.output(&scanner))
                }
            case "parameters":
                try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
                    if name == "binary_data_output" {
                        isBinary = try scanner.boolean()
                    } else {
                        try scanner.skip()
                    }
                }
            default: try scanner.skip()
            }
        }
        try scanner.end()
        (self.id, self.inputs, self.outputs, self.isBinary) = (id, inputs, outputs, isBinary)
    }

    private static func output(_ scanner: inout JSONScanner) throws(JSONScanner.Fault)
        -> InferenceRequest.Output
    {
        var output = InferenceRequest.Output(name: "")
        try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
            switch name {
            case "name": output.name = try scanner.string()
            case "parameters":
                try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
                    switch name {
                    case "classification": output.classification = try scanner.whole()
                    case "binary_data": output.isBinary = try scanner.boolean()
                    default: try scanner.skip()
                    }
                }
            default: try scanner.skip()
            }
        }
        return output
    }

    private static func input(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) -> Input {
        var input = Input()
        try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
            switch name {
            case "name": input.name = try scanner.string()
            case "datatype":
                let text = try scanner.string()
                guard let datatype = TensorDatatype(rawValue: text) else {
                    throw scanner.fault("an unknown datatype")
                }
                input.datatype = datatype
            case "shape":
                var shape: [Int] = []
                try scanner.array { (scanner) throws(JSONScanner.Fault) in
                    guard shape.count < 8 else { throw scanner.fault("more than eight axes") }
                    shape.append(try scanner.whole())
                }
                input.shape = shape
            case "parameters":
                try scanner.object { (scanner, name) throws(JSONScanner.Fault) in
                    if name == "binary_data_size" {
                        input.binarySize = try scanner.whole()
                    } else {
                        try scanner.skip()
                    }
                }
            case "data": try input.read(&scanner)
            default: try scanner.skip()
            }
        }
        return input
    }
}

extension InferenceRequestText.Input {
    /// Reads the elements, flat or nested as the shape is.
    fileprivate mutating func read(_ scanner: inout JSONScanner) throws(JSONScanner.Fault) {
        // Where the datatype comes first, as it nearly always does, pixels are read straight into bytes.
        let count = shape.flatMap(Tensor.elementCount(of:)) ?? 0
        if datatype == .uint8 {
            var pixels: [UInt8] = []
            pixels.reserveCapacity(min(count, 1 << 20))
            try scanner.bytes(into: &pixels)
            bytes = pixels
            return
        }
        var (numbers, texts) = ([Double](), [String]())
        numbers.reserveCapacity(datatype == .bytes ? 0 : min(count, 1 << 20))
        try Self.values(&scanner) { (scanner) throws(JSONScanner.Fault) in
            switch scanner.peek() {
            case UInt8(ascii: "\""): texts.append(try scanner.string())
            case UInt8(ascii: "t"), UInt8(ascii: "f"): numbers.append(try scanner.boolean() ? 1 : 0)
            case UInt8(ascii: "n"):
                try scanner.word("null")
                // A missing number of a table.
                numbers.append(.nan)
            default: numbers.append(try scanner.number())
            }
        }
        guard texts.isEmpty || numbers.isEmpty else { throw scanner.fault("numbers and texts in one tensor") }
        if texts.isEmpty { self.numbers = numbers } else { self.texts = texts }
    }

    private static func values(
        _ scanner: inout JSONScanner, _ value: (inout JSONScanner) throws(JSONScanner.Fault) -> Void
    ) throws(JSONScanner.Fault) {
        try scanner.array { (scanner) throws(JSONScanner.Fault) in
            if scanner.peek() == UInt8(ascii: "[") {
                try values(&scanner, value)
            } else {
                try value(&scanner)
            }
        }
    }

    /// Returns the tensor; one that travels as bytes takes its own from the front of `rest`.
    fileprivate func tensor(taking rest: inout UnsafeRawBufferPointer) throws(ServingError) -> Tensor {
        guard let name else { throw ServingError(400, "an input has no name") }
        func wrong(_ what: String) -> ServingError { ServingError(400, "input '\(name)': \(what)") }
        guard let datatype else { throw wrong("it has no datatype") }
        guard let shape, let count = Tensor.elementCount(of: shape) else {
            throw wrong("it has no possible shape")
        }
        let elements: Tensor.Elements
        if let binarySize {
            guard numbers == nil, bytes == nil, texts == nil else {
                throw wrong("it has data, and binary_data_size as well")
            }
            guard (0...rest.count).contains(binarySize) else {
                throw wrong("binary_data_size is \(binarySize), and \(rest.count) bytes follow")
            }
            elements = try BinaryTensor.elements(
                UnsafeRawBufferPointer(rebasing: rest[..<binarySize]), datatype, count: count, named: name)
            rest = UnsafeRawBufferPointer(rebasing: rest[binarySize...])
        } else if let bytes {
            elements = .bytes(bytes)
        } else if let texts {
            guard datatype == .bytes else { throw wrong("texts, and the datatype is \(datatype.rawValue)") }
            elements = .texts(texts)
        } else if let numbers {
            elements = try Self.elements(numbers, datatype, wrong)
        } else {
            throw wrong("it has no data")
        }
        guard elements.count == count else {
            throw wrong("shape \(shape) has \(count) elements, and the data \(elements.count)")
        }
        return Tensor(name: name, datatype: datatype, shape: shape, elements: elements)
    }

    private static func elements(
        _ numbers: [Double], _ datatype: TensorDatatype, _ wrong: (String) -> ServingError
    ) throws(ServingError) -> Tensor.Elements {
        guard let range = datatype.range else {
            guard numbers.isEmpty else { throw wrong("numbers, and the datatype is BYTES") }
            return .texts([])
        }
        for number in numbers where !number.isNaN || !datatype.hasFractions {
            guard range.contains(number), datatype.hasFractions || number == number.rounded() else {
                throw wrong("\(number) is no \(datatype.rawValue)")
            }
        }
        switch datatype {
        case .uint8: return .bytes(numbers.map { UInt8($0) })
        case .float32, .float16: return .floats(numbers.map { Float($0) })
        default: return .doubles(numbers)
        }
    }
}

extension JSONScanner {
    /// Reads a whole number.
    mutating func whole() throws(Fault) -> Int {
        let number = try number()
        guard let whole = Int(exactly: number) else { throw fault("a whole number expected") }
        return whole
    }

    /// Reads whole numbers from 0 to 255 out of an array, flat or nested.
    mutating func bytes(into pixels: inout [UInt8]) throws(Fault) {
        try nested { (scanner) throws(Fault) in
            repeat {
                if scanner.peek() == UInt8(ascii: "[") {
                    try scanner.bytes(into: &pixels)
                } else if let pixel = scanner.smallNumber() {
                    pixels.append(pixel)
                } else {
                    pixels.append(try scanner.byte())
                }
            } while scanner.take(UInt8(ascii: ","))
        }
    }

    /// Reads a whole number from 0 to 255 that may be written in any way, such as 1e2.
    private mutating func byte() throws(Fault) -> UInt8 {
        let number = try number()
        guard let byte = UInt8(exactly: number) else { throw fault("a whole number from 0 to 255 expected") }
        return byte
    }
}
