#!/bin/sh
# Hver natt: se etter feil først. Bare når biblioteket stemmer, publiseres det, underskrives det og ryddes det i kopiene.
# Sier ingenting når alt gikk bra, bortsett fra søndag. Ellers skrives det som ble sagt, og koden er 1.
set -u
: "${SAMRUTINE_HOME:?mappen biblioteket ligger i}"
: "${KOPI:?mappen for sikkerhetskopier, på en annen disk}"
NETTER=${NETTER:-60}               # så mange kopier beholdes
PUBLISERER=${PUBLISERER:-}         # brukernavn, ett for hver kommune, med mellomrom mellom
KONTROLLPUNKT=${KONTROLLPUNKT:-nei}  # ja når en nøkkel er satt opp
BREV=${BREV:-nei}                  # ja når en e-posttjener er satt opp

logg=$(mktemp) || exit 1
trap 'rm -f "$logg"' EXIT
feil=0
uke=; hele=
if [ "$(date +%u)" = 7 ]; then uke=ja; hele=--whole; fi

gjor() {
    printf '\n== samrutine %s\n' "$*" >>"$logg"
    samrutine "$@" >>"$logg" 2>&1
    kode=$?
    [ "$kode" = 0 ] && return 0
    printf 'Kode %s\n' "$kode" >>"$logg"
    feil=1
    return "$kode"
}

# 5 er at bare publiserte kopier er galt: det hindrer ikke de andre kommunene.
gjor verify
funn=$?
if { [ "$funn" = 0 ] || [ "$funn" = 5 ]; } && gjor maintain $hele; then
    gjor backup "$KOPI" --keep "$NETTER"
    for hvem in $PUBLISERER; do
        gjor --as "$hvem" publish --all
    done
    if [ "$KONTROLLPUNKT" = ja ]; then gjor checkpoint; fi
    if [ "$BREV" = ja ]; then gjor letters send; fi
else
    # Ingen eldre kopi tas bort: en av dem er den siste gode.
    gjor backup "$KOPI"
fi
gjor doctor

if [ "$feil" != 0 ] || [ -n "$uke" ]; then cat "$logg"; fi
exit "$feil"
