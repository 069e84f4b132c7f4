import Arrays
import Support

/// The value of a node, or a gradient by one, in the form in which it was computed.
enum Value<Scalar: DifferentiableScalar> {
    /// An array.
    case array(NDArray<Scalar>)
    /// Images in a layout of their own, with their array once it has been read.
    indirect case image(LayoutArray<Scalar>, array: NDArray<Scalar>?)
    /// A gathered mini-batch, with its array once it has been read.
    indirect case rows(any GatheredRows, array: NDArray<Scalar>?)
    /// A value that is computed when it is needed.
    case deferred(any Deferred<Scalar>)
}

/// A deferred value, whose first reader decides how it is computed: a convolution, whose pooling may be computed in the
/// same pass, or a gradient that an optimiser may apply without storing it.
protocol Deferred<Scalar>: AnyObject {
    associatedtype Scalar: DifferentiableScalar
    /// The length of each axis.
    var shape: [Int] { get }
    /// The value, computed once. `inRows`: an array is wanted, not images for a layer that reads layouts of its own.
    func computed(inRows: Bool) -> LayoutArray<Scalar>
}

extension Value {
    /// Images in their layout; in rows they are an array.
    @specialized(where Scalar == Float)
    init(_ images: LayoutArray<Scalar>) {
        self = images.layout == .rows ? .array(images.numbers) : .image(images, array: nil)
    }

    /// The length of each axis.
    var shape: [Int] {
        @specialized(where Scalar == Float)
        get {
            switch self {
            case .array(let array): array.shape
            case .image(let images, _): images.shape
            case .rows(let rows, _): rows.shape
            case .deferred(let value): value.shape
            }
        }
    }

    /// The array, in rows.
    @specialized(where Scalar == Float)
    func array() -> NDArray<Scalar> {
        switch self {
        case .array(let array): array
        case .image(let images, let known): known ?? images.array()
        case .rows(let rows, let known): known ?? rows.array()
        case .deferred(let value): value.computed(inRows: true).array()
        }
    }

    /// The value in its own layout.
    var layoutArray: LayoutArray<Scalar> {
        @specialized(where Scalar == Float)
        get {
            switch self {
            case .array(let array): LayoutArray(array)
            case .image(let images, _): images
            case .rows: LayoutArray(array())
            case .deferred(let value): value.computed(inRows: false)
            }
        }
    }

    /// The same value, computed if it was deferred.
    var computed: Value {
        @specialized(where Scalar == Float)
        get {
            guard case .deferred = self else { return self }
            return .array(array())
        }
    }

    /// Adds a gradient to those by the same value that are known so far, in the layout of the first one; in place if
    /// their sum is uniquely referenced.
    @specialized(where Scalar == Float)
    static func add(_ gradient: Value, to known: inout Value?) {
        guard var sum = takeLayoutArray(&known) else {
            known = gradient
            return
        }
        let shape = gradient.shape
        require(sum.shape == shape, "gradients of shapes \(sum.shape) and \(shape) for one value")
        sum.numbers.accumulate(gradient.layoutArray.converted(to: sum.layout).numbers)
        known = Value(sum)
    }

    /// Moves the value out, so that it is uniquely referenced while it is changed.
    private static func takeLayoutArray(_ known: inout Value?) -> LayoutArray<Scalar>? {
        defer { known = nil }
        return known?.layoutArray
    }
}
