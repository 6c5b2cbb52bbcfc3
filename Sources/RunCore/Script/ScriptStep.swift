/// What a script asks for next.
package struct ScriptStep: Sendable, Hashable {
    /// Counts the calls of a script, from 1.
    package let number: Int
    /// The call in one line, with a digest of its arguments: a replay must ask for the same.
    package let signature: String
    /// What the engine has to do before the script can go on.
    package let call: ScriptCall

    /// The call that a script, replayed to this number, is waiting with.
    package init(number: Int, signature: String, call: ScriptCall) {
        self.number = number
        self.signature = signature
        self.call = call
    }
}
