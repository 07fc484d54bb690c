//! Completes what the framework leaves out: the seeds of addresses that depend on a field of the arguments.
//!
//! The framework describes seeds that are constants, accounts or whole arguments. This program's instructions take one argument, a
//! struct, so seeds like `args.slug` are left out, and clients could not derive the address by themselves. The documentation of these
//! accounts says the seeds in one form, ``Seeds `"issuer", creator, slug`.``: a constant in quotes, a number like `0u16`, or the
//! name of an account of the same instruction or of a field of its arguments.

use std::collections::BTreeSet;

use anchor_lang_idl::types::{
    Idl, IdlDefinedFields, IdlInstruction, IdlInstructionAccountItem, IdlPda, IdlSeed, IdlSeedAccount, IdlSeedArg,
    IdlSeedConst, IdlType, IdlTypeDef, IdlTypeDefTy,
};

/// Adds the seeds of every account that documents seeds and has none. Where an account is optional, its absence has a meaning, and
/// clients should not fill it in.
///
/// # Errors
/// A sentence that names instruction, account and seed, when a seed stands for nothing in the instruction.
pub fn complete(idl: &mut Idl) -> Result<(), String> {
    let types = &idl.types;
    for instruction in &mut idl.instructions {
        let name = instruction.name.clone();
        let accounts = account_names(instruction);
        let arguments = argument_paths(instruction, types);
        for item in &mut instruction.accounts {
            let IdlInstructionAccountItem::Single(account) = item else { continue };
            if account.pda.is_some() || account.optional {
                continue;
            }
            let Some(documented) = account.docs.iter().find_map(|line| documented_seeds(line)) else { continue };
            let seeds: Result<Vec<_>, _> =
                documented.split(", ").map(|seed| classify(seed, &accounts, &arguments)).collect();
            let seeds = seeds.map_err(|seed| {
                format!("{name}: {}: the documented seed {seed} is no account or argument of it", account.name)
            })?;
            account.pda = Some(IdlPda { seeds, program: None });
        }
    }
    Ok(())
}

/// What stands between the backticks of ``Seeds `...` ``.
fn documented_seeds(line: &str) -> Option<&str> {
    Some(line.trim().strip_prefix("Seeds `")?.split_once('`')?.0)
}

fn account_names(instruction: &IdlInstruction) -> BTreeSet<String> {
    let single = |item: &IdlInstructionAccountItem| match item {
        IdlInstructionAccountItem::Single(account) => Some(account.name.clone()),
        IdlInstructionAccountItem::Composite(_) => None,
    };
    instruction.accounts.iter().filter_map(single).collect()
}

/// `argument.field` for every field of every argument that is a struct.
fn argument_paths(instruction: &IdlInstruction, types: &[IdlTypeDef]) -> Vec<String> {
    let mut paths = Vec::new();
    for argument in &instruction.args {
        let IdlType::Defined { name, .. } = &argument.ty else { continue };
        let Some(definition) = types.iter().find(|definition| definition.name == *name) else { continue };
        if let IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) } = &definition.ty {
            paths.extend(fields.iter().map(|field| format!("{}.{}", argument.name, field.name)));
        }
    }
    paths
}

fn classify(seed: &str, accounts: &BTreeSet<String>, arguments: &[String]) -> Result<IdlSeed, String> {
    if let Some(text) = seed.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        return Ok(IdlSeed::Const(IdlSeedConst { value: text.as_bytes().to_vec() }));
    }
    if let Some(number) = seed.strip_suffix("u16").and_then(|digits| digits.parse::<u16>().ok()) {
        return Ok(IdlSeed::Const(IdlSeedConst { value: number.to_le_bytes().to_vec() }));
    }
    if accounts.contains(seed) {
        return Ok(IdlSeed::Account(IdlSeedAccount { path: seed.into(), account: None }));
    }
    let field = |path: &&String| path.split_once('.').is_some_and(|(_, field)| field == seed);
    match arguments.iter().find(field) {
        Some(path) => Ok(IdlSeed::Arg(IdlSeedArg { path: path.clone() })),
        None => Err(seed.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn idl(docs: &str) -> Idl {
        let text = r#"{
            "address": "", "metadata": { "name": "", "version": "", "spec": "" },
            "instructions": [{
                "name": "create", "discriminator": [1],
                "args": [{ "name": "args", "type": { "defined": { "name": "Args" } } }],
                "accounts": [{ "name": "creator" }, { "name": "made", "docs": ["DOCS"] }]
            }],
            "types": [{
                "name": "Args",
                "type": { "kind": "struct", "fields": [{ "name": "slug", "type": "string" }] }
            }]
        }"#;
        serde_json::from_str(&text.replace("DOCS", &docs.replace('"', "\\\""))).unwrap()
    }

    fn pda_of_made(idl: &Idl) -> Option<&IdlPda> {
        match &idl.instructions[0].accounts[1] {
            IdlInstructionAccountItem::Single(account) => account.pda.as_ref(),
            IdlInstructionAccountItem::Composite(_) => None,
        }
    }

    #[test]
    fn constants_accounts_and_fields_of_arguments_become_seeds() {
        let mut idl = idl("Seeds `\"thing\", creator, slug, 7u16`; more.");
        complete(&mut idl).unwrap();
        assert_eq!(
            pda_of_made(&idl).unwrap().seeds,
            [
                IdlSeed::Const(IdlSeedConst { value: b"thing".to_vec() }),
                IdlSeed::Account(IdlSeedAccount { path: "creator".into(), account: None }),
                IdlSeed::Arg(IdlSeedArg { path: "args.slug".into() }),
                IdlSeed::Const(IdlSeedConst { value: vec![7, 0] }),
            ]
        );
    }

    #[test]
    fn an_account_that_documents_no_seeds_gets_none() {
        let mut idl = idl("The thing.");
        complete(&mut idl).unwrap();
        assert_eq!(pda_of_made(&idl), None);
    }

    #[test]
    fn a_seed_that_stands_for_nothing_is_an_error() {
        let error = complete(&mut idl("Seeds `\"thing\", owner`.")).unwrap_err();
        assert_eq!(error, "create: made: the documented seed owner is no account or argument of it");
    }
}
