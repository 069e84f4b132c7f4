import Glibc
import Support

/// Trees of decisions of the set ai.onnx.ml.
struct Forest: Sendable {
    enum Mode: String, Sendable {
        case leaf = "LEAF"
        case atMost = "BRANCH_LEQ"
        case less = "BRANCH_LT"
        case atLeast = "BRANCH_GTE"
        case more = "BRANCH_GT"
        case equal = "BRANCH_EQ"
        case unequal = "BRANCH_NEQ"
        case member = "BRANCH_MEMBER"
    }

    struct Node: Sendable {
        var mode: Mode
        var feature = 0
        var value = 0.0
        /// Where it goes on if the comparison is true, and if not.
        var yes = 0
        var no = 0
        /// Whether a value that is missing counts as true.
        var takesMissing = false
        /// Of a leaf: its votes; of a membership: its values.
        var list = 0..<0
    }

    var nodes: [Node] = []
    /// The target and the weight of each vote.
    var votes: [(target: Int, weight: Double)] = []
    var members: [Double] = []
    var roots: [Int] = []
    var features: Int { (nodes.map(\.feature).max() ?? -1) + 1 }

    /// The leaf of each tree that a row comes to.
    ///
    /// - Throws: `badData` where a row goes in a circle, or has fewer features than are asked for.
    func leaves(_ row: ArraySlice<Double>) throws -> [Node] {
        let start = row.startIndex
        return try roots.map { root in
            var node = nodes[root]
            var steps = 0
            while node.mode != .leaf {
                steps += 1
                guard steps <= nodes.count else { throw DescentError(.badData, "a tree that is a circle") }
                let x = row[start + node.feature]
                let isTrue =
                    switch node.mode {
                    case .leaf: true
                    case .atMost: x <= node.value
                    case .less: x < node.value
                    case .atLeast: x >= node.value
                    case .more: x > node.value
                    case .equal: x == node.value
                    case .unequal: x != node.value
                    case .member: members[node.list].contains(x)
                    }
                node = nodes[isTrue || (node.takesMissing && x.isNaN) ? node.yes : node.no]
            }
            return node
        }
    }

    /// The form of the versions 1 and 3: nodes are named by a tree and a number in it, `prefix` names their votes.
    init(_ node: ONNXImport.Node, votes prefix: String, targets: String) throws {
        func numbers(_ name: String) throws -> [Double] {
            if let tensor = try node.tensor(name + "_as_tensor") {
                return try tensor.doubles(MemoryBudget(limit: 1 << 32))
            }
            return try node.floats(name)?.map { Double($0) } ?? []
        }
        let trees = try node.ints("nodes_treeids") ?? []
        let ids = try node.ints("nodes_nodeids") ?? []
        let modes = try node.texts("nodes_modes") ?? []
        let (yes, no) = (try node.ints("nodes_truenodeids") ?? [], try node.ints("nodes_falsenodeids") ?? [])
        let features = try node.ints("nodes_featureids") ?? []
        let values = try numbers("nodes_values")
        let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
        let lists = [ids.count, modes.count, yes.count, no.count, features.count, values.count]
        guard lists.allSatisfy({ $0 == trees.count }), missing.isEmpty || missing.count == trees.count else {
            throw DescentError(
                .badData, "lists of nodes of different lengths", got: "\(trees.count), \(lists)")
        }
        struct Name: Hashable {
            var tree: Int
            var id: Int
        }
        var places: [Name: Int] = [:]
        for index in trees.indices { places[Name(tree: trees[index], id: ids[index])] = index }
        guard places.count == trees.count else { throw DescentError(.badData, "a node of a tree twice") }
        func place(_ tree: Int, _ id: Int) throws -> Int {
            guard let place = places[Name(tree: tree, id: id)] else {
                throw DescentError(
                    .badData, "a node of a tree that is not there", got: "node \(id) of tree \(tree)")
            }
            return place
        }
        var children: Set<Int> = []
        for index in trees.indices {
            guard let mode = Mode(rawValue: modes[index]), mode != .member,
                mode == .leaf || 0..<1 << 31 ~= features[index]
            else {
                throw DescentError(.badData, "a node of a tree that is not known", got: "'\(modes[index])'")
            }
            var made = Node(mode: mode, feature: mode == .leaf ? 0 : features[index], value: values[index])
            made.takesMissing = missing.isEmpty ? false : missing[index] != 0
            if mode != .leaf {
                made.yes = try place(trees[index], yes[index])
                made.no = try place(trees[index], no[index])
                children.formUnion([made.yes, made.no])
            }
            nodes.append(made)
        }
        roots = trees.indices.filter { !children.contains($0) }
        let (votedTrees, votedNodes) = (
            try node.ints(prefix + "_treeids") ?? [], try node.ints(prefix + "_nodeids") ?? []
        )
        let (ids_, weights) = (try node.ints(targets) ?? [], try numbers(prefix + "_weights"))
        guard votedNodes.count == votedTrees.count, ids_.count == votedTrees.count,
            weights.count == votedTrees.count
        else { throw DescentError(.badData, "lists of votes of different lengths") }
        var own = [[(target: Int, weight: Double)]](repeating: [], count: nodes.count)
        for index in votedTrees.indices {
            own[try place(votedTrees[index], votedNodes[index])].append((ids_[index], weights[index]))
        }
        for index in nodes.indices where nodes[index].mode == .leaf {
            nodes[index].list = votes.count..<votes.count + own[index].count
            votes += own[index]
        }
    }

    /// The form of version 5: lists of inner nodes and of leaves.
    init(_ node: ONNXImport.Node) throws {
        func numbers(_ name: String) throws -> [Double] {
            try node.tensor(name)?.doubles(MemoryBudget(limit: 1 << 32)) ?? []
        }
        let features = try node.ints("nodes_featureids") ?? []
        let values = try numbers("nodes_splits")
        let codes = try node.tensor("nodes_modes")?.elements(as: UInt8.self) ?? []
        let (yes, no) = (try node.ints("nodes_truenodeids") ?? [], try node.ints("nodes_falsenodeids") ?? [])
        let (yesLeaf, noLeaf) = (
            try node.ints("nodes_trueleafs") ?? [], try node.ints("nodes_falseleafs") ?? []
        )
        let missing = try node.ints("nodes_missing_value_tracks_true") ?? []
        let (targets, weights) = (try node.ints("leaf_targetids") ?? [], try numbers("leaf_weights"))
        let lists = [values.count, codes.count, yes.count, no.count, yesLeaf.count, noLeaf.count]
        guard lists.allSatisfy({ $0 == features.count }), missing.isEmpty || missing.count == features.count,
            targets.count == weights.count
        else {
            throw DescentError(
                .badData, "lists of nodes of different lengths", got: "\(features.count), \(lists)")
        }
        let modes: [Mode] = [.atMost, .less, .atLeast, .more, .equal, .unequal, .member]
        // The values of each membership end with one that is no number.
        var sets = try numbers("membership_values").split(
            omittingEmptySubsequences: false, whereSeparator: \.isNaN)[...]
        func child(_ index: Int, isLeaf: Bool) throws -> Int {
            guard 0..<(isLeaf ? targets.count : features.count) ~= index else {
                throw DescentError(.badData, "a node of a tree that is not there", got: "\(index)")
            }
            return isLeaf ? features.count + index : index
        }
        for index in features.indices {
            guard Int(codes[index]) < modes.count, 0..<1 << 31 ~= features[index] else {
                throw DescentError(.badData, "a node of a tree that is not known", got: "\(codes[index])")
            }
            var made = Node(mode: modes[Int(codes[index])], feature: features[index], value: values[index])
            made.yes = try child(yes[index], isLeaf: yesLeaf[index] != 0)
            made.no = try child(no[index], isLeaf: noLeaf[index] != 0)
            made.takesMissing = missing.isEmpty ? false : missing[index] != 0
            if made.mode == .member {
                let own = sets.popFirst() ?? []
                made.list = members.count..<members.count + own.count
                members += own
            }
            nodes.append(made)
        }
        for index in targets.indices {
            nodes.append(Node(mode: .leaf, list: index..<index + 1))
            votes.append((targets[index], weights[index]))
        }
        roots = try (try node.ints("tree_roots") ?? []).map { root in
            // A tree may be a leaf alone, which both sides of a node point to.
            try child(root, isLeaf: features.isEmpty)
        }
    }
}

/// How the votes of all trees become one number for each target.
struct ForestSum: Sendable {
    enum Way: String, Sendable {
        case sum = "SUM"
        case mean = "AVERAGE"
        case smallest = "MIN"
        case largest = "MAX"
    }

    let forest: Forest
    let way: Way
    let targets: Int
    let base: [Double]

    init(_ forest: Forest, _ way: Way, targets: Int, base: [Double]) throws {
        guard targets > 0, targets < 1 << 24, base.isEmpty || base.count == targets || base.count == 1,
            forest.votes.allSatisfy({ 0..<targets ~= $0.target })
        else {
            throw DescentError(.badData, "votes for targets that are not there", got: "\(targets) targets")
        }
        (self.forest, self.way, self.targets, self.base) = (forest, way, targets, base)
    }

    /// The number of each target, nil where no leaf has voted.
    func callAsFunction(_ row: ArraySlice<Double>) throws -> [Double?] {
        guard forest.features <= row.count else {
            throw DescentError(
                .badData, "rows of another length", expected: "\(forest.features)", got: "\(row.count)")
        }
        var sums = [Double?](repeating: nil, count: targets)
        for leaf in try forest.leaves(row) {
            for vote in forest.votes[leaf.list] {
                guard let sum = sums[vote.target] else {
                    sums[vote.target] = vote.weight
                    continue
                }
                switch way {
                case .sum, .mean: sums[vote.target] = sum + vote.weight
                case .smallest: sums[vote.target] = min(sum, vote.weight)
                case .largest: sums[vote.target] = max(sum, vote.weight)
                }
            }
        }
        guard way == .mean else { return sums }
        return sums.map { $0.map { $0 / Double(max(forest.roots.count, 1)) } }
    }
}
